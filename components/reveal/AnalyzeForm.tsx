"use client";

import { ScanSearch } from "lucide-react";
import { type SubmitEvent, useEffect, useId, useRef, useState } from "react";
import { analyze } from "@/lib/reveal/requests";
import { type AnalyzeReply, MAX_TEXT_CHARS, type RunOutcome } from "@/lib/reveal/types";
import { type ApiError, asApiError } from "@/lib/vault/http/client";
import type { SecretSource } from "@/lib/vault/types";
import { AnalysisView } from "./AnalysisView";
import type { FormProps } from "./form";
import { LongTextField } from "./LongTextField";
import { RevealAlert } from "./RevealAlert";
import { RunButton } from "./RunButton";
import { StatusLine } from "./StatusLine";
import { describeResult } from "./words";

/** A text, and what a careful reader should notice in it. */
export function AnalyzeForm({ teamId, isAdmin, usable, onRun }: FormProps) {
  const id = useId();
  const [text, setText] = useState("");
  const [reply, setReply] = useState<AnalyzeReply | null>(null);
  const [status, setStatus] = useState("");
  const [error, setError] = useState<ApiError | null>(null);
  const [isRunning, setIsRunning] = useState(false);
  const isReady = text.trim() !== "" && text.length <= MAX_TEXT_CHARS;
  const call = useRef<AbortController>(null);
  useEffect(() => () => call.current?.abort(), []);

  /** @param only the layer whose key is to pay this once */
  async function send(only?: SecretSource) {
    if (isRunning || !isReady) return;
    const controller = new AbortController();
    call.current = controller;
    setReply(null);
    setError(null);
    setIsRunning(true);
    setStatus("Reading the text. A long one takes a minute or two.");
    let outcome: RunOutcome = { source: undefined, status: "cancelled" };
    try {
      const result = await analyze(
        { id: crypto.randomUUID(), text, team_id: teamId, source: only },
        controller.signal,
      );
      outcome = { source: result.source, status: result.status };
      setReply(result);
      setStatus(describeResult(result));
    } catch (failure) {
      setStatus(controller.signal.aborted ? "Stopped. What was read until then may be billed." : "");
      if (controller.signal.aborted) return;
      const error = asApiError(failure);
      outcome = { source: error.source, status: error.code };
      setError(error);
    } finally {
      setIsRunning(false);
      onRun(outcome);
    }
  }

  function submit(event: SubmitEvent) {
    event.preventDefault();
    void send();
  }

  return (
    <form onSubmit={submit} className="grid grid-cols-1 gap-4">
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
      {error && (
        <RevealAlert
          error={error}
          teamId={teamId}
          isAdmin={isAdmin}
          usable={usable}
          onUseOnce={(source) => void send(source)}
        />
      )}
      <section aria-label="Analysis" aria-live="polite" className="contents">
        {reply && <AnalysisView analysis={reply.result} dropped={reply.findings_dropped} />}
      </section>
      <StatusLine text={status} />
    </form>
  );
}
