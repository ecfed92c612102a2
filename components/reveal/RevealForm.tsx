"use client";

import type { LucideIcon } from "lucide-react";
import { type SubmitEvent, useEffect, useId, useRef, useState } from "react";
import { cn } from "@/components/vault/ui/cn";
import type { RunKind } from "@/lib/reveal/types";
import type { SecretSource } from "@/lib/vault/types";
import type { FormProps } from "./form";
import { LongTextField } from "./LongTextField";
import { RevealAlert } from "./RevealAlert";
import { RunButton } from "./RunButton";
import { KeyHint } from "./runs/KeyHint";
import { RunActions, RunContent } from "./runs/late";
import { ModelField } from "./runs/ModelField";
import { hasContent } from "./runs/run";
import { StatusLine } from "./StatusLine";
import { describeEmpty, describeEstimate, describeRun, estimateTokens } from "./words";

interface RevealFormProps extends FormProps {
  kind: RunKind;
  label: string;
  placeholder: string;
  /** What to say of a field with nothing in it. */
  empty: string;
  /** Characters that the server accepts. */
  max: number;
  action: string;
  icon: LucideIcon;
  /** What the result is called. */
  result: string;
}

/** A text to send, and what comes of it. */
export function RevealForm(props: RevealFormProps) {
  const { kind, reveal, teamId, isAdmin, usable, model, max } = props;
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const select = useRef<HTMLSelectElement>(null);
  const [tokens, setTokens] = useState(0);
  const [complaint, setComplaint] = useState<string | null>(null);
  const { engine, state, failure } = reveal;
  const { shown, isRunning, empty } = state[kind];
  const error = state[kind].error ?? failure;

  useEffect(() => {
    if (engine && field.current) return engine.fields.attach(kind, field.current);
  }, [engine, kind]);

  /** @param source the only layer whose key is to pay this once */
  function send(source?: SecretSource) {
    const text = field.current?.value ?? "";
    if (text.trim() === "") setComplaint(props.empty);
    if (text.trim() === "" || text.length > max) return field.current?.focus();
    // The one that is shown, also in the moment before the page knows of it.
    reveal.send(kind, text, { source, model: select.current?.value ?? model.chosen?.id });
  }

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (!isRunning) send();
  }

  return (
    <form onSubmit={submit} className="grid grid-cols-1 gap-4">
      <LongTextField
        id={`${id}-text`}
        label={props.label}
        placeholder={props.placeholder}
        max={max}
        field={field}
        complaint={complaint}
        onText={(text) => {
          setTokens(estimateTokens(text));
          setComplaint(null);
        }}
      />
      {/* Stays in sight while the answer grows, so that one can stop it; in a small window, below the links to the panels. */}
      <div
        className={cn(
          "flex flex-wrap items-center gap-x-4 gap-y-2",
          isRunning && "sticky top-[calc(3.25rem+7px)] z-9 -mx-1 -my-2 bg-card px-1 py-2 lg:top-0",
        )}
      >
        <RunButton
          label={props.action}
          icon={props.icon}
          isRunning={isRunning}
          onStop={() => engine?.stop(kind)}
        />
        <ModelField {...model} select={select} />
        <KeyHint />
        {tokens > 0 && !isRunning && (
          <p className="w-full text-sm text-muted-foreground">
            {describeEstimate(tokens, model.chosen?.price?.input ?? null)}
          </p>
        )}
      </div>
      {error && (
        <RevealAlert error={error} teamId={teamId} isAdmin={isAdmin} usable={usable} onUseOnce={send} />
      )}
      <StatusLine text={empty ? describeEmpty(empty) : ""} />
      {/* Busy while it grows, so that a screen reader reads the answer once, when it is complete. */}
      <section aria-label={props.result} aria-live="polite" aria-busy={isRunning} className="contents">
        {shown && <RunContent run={shown} />}
      </section>
      <StatusLine text={shown ? describeRun(shown) : ""} />
      {shown && !isRunning && hasContent(shown) && (
        <RunActions run={shown} onAgain={() => props.onAgain(shown)} />
      )}
    </form>
  );
}
