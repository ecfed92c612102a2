"use client";

import { Play } from "lucide-react";
import { type SubmitEvent, useEffect, useId, useRef, useState } from "react";
import { type RevealError, runPrompt } from "@/lib/reveal/requests";
import { MAX_PROMPT_CHARS } from "@/lib/reveal/types";
import type { SecretSource } from "@/lib/vault/types";
import { LongTextField } from "./LongTextField";
import { RevealAlert } from "./RevealAlert";
import { RunButton } from "./RunButton";
import { StatusLine } from "./StatusLine";
import { describePayment, describeStopped } from "./words";

/** Why an answer ended, where it did not end by itself. */
const ENDED_EARLY = new Map<string | null, string>([
  ["max_tokens", "The answer reached its longest allowed length and ends here."],
  ["model_context_window_exceeded", "The answer filled the model's memory and ends here."],
  ["refusal", "The model declined to answer this."],
]);

/** A prompt, and its answer as it is written. */
export function RunForm({ teamId }: { teamId: string | undefined }) {
  const id = useId();
  const [prompt, setPrompt] = useState("");
  const [answer, setAnswer] = useState("");
  const [status, setStatus] = useState("");
  const [error, setError] = useState<RevealError | null>(null);
  const [isRunning, setIsRunning] = useState(false);
  const isReady = prompt.trim() !== "" && prompt.length <= MAX_PROMPT_CHARS;
  const call = useRef<AbortController>(null);
  useEffect(() => () => call.current?.abort(), []);

  async function run(event: SubmitEvent) {
    event.preventDefault();
    if (isRunning || !isReady) return;
    const controller = new AbortController();
    call.current = controller;
    setAnswer("");
    setError(null);
    setIsRunning(true);
    setStatus("Waiting for the answer…");
    let source: SecretSource | undefined;
    try {
      const body = teamId === undefined ? { prompt } : { prompt, team_id: teamId };
      for await (const event of runPrompt(body, controller.signal)) {
        if (event.type === "start") {
          source = event.source;
          setStatus("Answering…");
        } else if (event.type === "text") {
          setAnswer((text) => text + event.text);
        } else {
          const early = ENDED_EARLY.get(event.stop_reason);
          setStatus([early, describePayment(event)].filter(Boolean).join(" "));
        }
      }
    } catch (failure) {
      if (controller.signal.aborted) {
        setStatus(source ? describeStopped(source) : "Stopped.");
      } else {
        setStatus("");
        setError(failure as RevealError);
      }
    } finally {
      setIsRunning(false);
    }
  }

  return (
    <form onSubmit={run} className="grid gap-4">
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
      {error && <RevealAlert error={error} />}
      {/* Busy while it grows, so that a screen reader reads the answer once, when it is complete. */}
      <section aria-label="Answer" aria-live="polite" aria-busy={isRunning} className="contents">
        {answer !== "" && (
          <p className="whitespace-pre-wrap break-words rounded-md border bg-background p-4 text-sm leading-relaxed">
            {answer}
          </p>
        )}
      </section>
      <StatusLine text={status} />
    </form>
  );
}
