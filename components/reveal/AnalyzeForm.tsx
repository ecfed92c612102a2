"use client";

import { ScanSearch } from "lucide-react";
import { type SubmitEvent, useEffect, useId, useRef, useState } from "react";
import { analyze, type RevealError } from "@/lib/reveal/requests";
import { type AnalyzeReply, MAX_TEXT_CHARS } from "@/lib/reveal/types";
import { AnalysisView } from "./AnalysisView";
import { LongTextField } from "./LongTextField";
import { RevealAlert } from "./RevealAlert";
import { RunButton } from "./RunButton";
import { StatusLine } from "./StatusLine";
import { describePayment } from "./words";

/** A text, and what a careful reader should notice in it. */
export function AnalyzeForm({ teamId }: { teamId: string | undefined }) {
  const id = useId();
  const [text, setText] = useState("");
  const [reply, setReply] = useState<AnalyzeReply | null>(null);
  const [status, setStatus] = useState("");
  const [error, setError] = useState<RevealError | null>(null);
  const [isRunning, setIsRunning] = useState(false);
  const isReady = text.trim() !== "" && text.length <= MAX_TEXT_CHARS;
  const call = useRef<AbortController>(null);
  useEffect(() => () => call.current?.abort(), []);

  async function submit(event: SubmitEvent) {
    event.preventDefault();
    if (isRunning || !isReady) return;
    const controller = new AbortController();
    call.current = controller;
    setReply(null);
    setError(null);
    setIsRunning(true);
    setStatus("Reading the text. A long one takes a minute or two.");
    try {
      const body = teamId === undefined ? { text } : { text, team_id: teamId };
      const result = await analyze(body, controller.signal);
      setReply(result);
      setStatus(describePayment(result));
    } catch (failure) {
      setStatus(controller.signal.aborted ? "Stopped. What was read until then may be billed." : "");
      if (!controller.signal.aborted) setError(failure as RevealError);
    } finally {
      setIsRunning(false);
    }
  }

  return (
    <form onSubmit={submit} className="grid gap-4">
      <LongTextField
        id={`${id}-text`}
        label="Text"
        placeholder="Paste a text to look into"
        max={MAX_TEXT_CHARS}
        value={text}
        onChange={setText}
      />
      <RunButton
        label="Analyze"
        icon={ScanSearch}
        isRunning={isRunning}
        isReady={isReady}
        onStop={() => call.current?.abort()}
      />
      {error && <RevealAlert error={error} />}
      <section aria-label="Analysis" aria-live="polite" className="contents">
        {reply && <AnalysisView analysis={reply.result} dropped={reply.findings_dropped} />}
      </section>
      <StatusLine text={status} />
    </form>
  );
}
