"use client";

import { Play } from "lucide-react";
import { type SubmitEvent, useEffect, useId, useRef, useState } from "react";
import { runPrompt } from "@/lib/reveal/requests";
import { MAX_PROMPT_CHARS } from "@/lib/reveal/types";
import { type ApiError, asApiError } from "@/lib/vault/http/client";
import type { SecretSource } from "@/lib/vault/types";
import { Answer } from "./answer/Answer";
import type { FormProps } from "./form";
import { LongTextField } from "./LongTextField";
import { RevealAlert } from "./RevealAlert";
import { RunButton } from "./RunButton";
import { StatusLine } from "./StatusLine";
import { describeResult, describeStopped } from "./words";

/** A prompt, and its answer as it is written. */
export function RunForm({ teamId, isAdmin, usable, onRun }: FormProps) {
  const id = useId();
  const [prompt, setPrompt] = useState("");
  const [answer, setAnswer] = useState("");
  const [status, setStatus] = useState("");
  const [error, setError] = useState<ApiError | null>(null);
  const [isRunning, setIsRunning] = useState(false);
  const isReady = prompt.trim() !== "" && prompt.length <= MAX_PROMPT_CHARS;
  const call = useRef<AbortController>(null);
  useEffect(() => () => call.current?.abort(), []);

  /** @param only the layer whose key is to pay this once */
  async function send(only?: SecretSource) {
    if (isRunning || !isReady) return;
    const controller = new AbortController();
    call.current = controller;
    setAnswer("");
    setError(null);
    setIsRunning(true);
    setStatus("Waiting for the answer…");
    let source: SecretSource | undefined;
    let ended = "cancelled";
    try {
      const body = { prompt, team_id: teamId, source: only };
      for await (const event of runPrompt(body, controller.signal)) {
        if (event.type === "start") {
          source = event.source;
          setStatus("Answering…");
        } else if (event.type === "text") {
          setAnswer((text) => text + event.text);
        } else {
          ended = event.status;
          setStatus(describeResult(event));
        }
      }
    } catch (failure) {
      if (controller.signal.aborted) {
        setStatus(source ? describeStopped(source) : "Stopped.");
      } else {
        const error = asApiError(failure);
        ended = error.code;
        source ??= error.source;
        setStatus("");
        setError(error);
      }
    } finally {
      setIsRunning(false);
      onRun({ source, status: ended });
    }
  }

  function submit(event: SubmitEvent) {
    event.preventDefault();
    void send();
  }

  return (
    <form onSubmit={submit} className="grid grid-cols-1 gap-4">
      <LongTextField
        id={`${id}-prompt`}
        label="Prompt"
        placeholder="Ask anything"
        max={MAX_PROMPT_CHARS}
        value={prompt}
        onChange={setPrompt}
      />
      <RunButton
        label="Run"
        icon={Play}
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
      {/* Busy while it grows, so that a screen reader reads the answer once, when it is complete. */}
      <section aria-label="Answer" aria-live="polite" aria-busy={isRunning} className="contents">
        {answer !== "" && <Answer text={answer} isStreaming={isRunning} />}
      </section>
      <StatusLine text={status} />
    </form>
  );
}
