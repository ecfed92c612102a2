"use client";

import { useCallback, useId, useRef } from "react";
import { flushSync } from "react-dom";
import { toast } from "sonner";
import { plural } from "@/components/shared/plural";
import { Button } from "@/components/vault/ui/button";
import type { RevealEngine } from "./engine";
import { RunEntry } from "./RunEntry";
import type { PageRun } from "./run";
import type { RevealState } from "./state";

interface RunListProps {
  state: RevealState;
  engine: RevealEngine;
  /** Runs it again. The same function while an answer grows. */
  onAgain: (run: PageRun) => void;
}

const UNDO_MS = 10_000;

/** The last runs of this workspace, and where they are kept. */
export function RunList({ state, engine, onAgain }: RunListProps) {
  const id = useId();
  const { ended, isKept } = state;
  const list = useRef<HTMLUListElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);

  const remove = useCallback(
    (runs: readonly PageRun[], next: HTMLElement | null | undefined) => {
      let gone: PageRun[] = [];
      flushSync(() => {
        gone = engine.remove(runs.map((run) => run.id));
      });
      (next?.isConnected ? next : heading.current)?.focus();
      toast(`${plural(gone.length, "run")} deleted`, {
        action: { label: "Undo", onClick: () => engine.restore(gone) },
        duration: UNDO_MS,
      });
    },
    [engine],
  );
  const removeOne = useCallback(
    (run: PageRun) => {
      // The keyboard continues with the next one.
      const lines = [...(list.current?.querySelectorAll<HTMLElement>("[data-run]") ?? [])];
      const index = lines.findIndex((line) => line.dataset.run === run.id);
      remove([run], lines[index + 1] ?? lines[index - 1]);
    },
    [remove],
  );

  return (
    <section aria-labelledby={`${id}-title`} className="grid grid-cols-1 gap-2 border-t pt-4">
      <div className="flex items-center justify-between gap-4">
        <h3
          ref={heading}
          id={`${id}-title`}
          tabIndex={-1}
          className="rounded-sm text-sm font-semibold focus-visible:outline-hidden focus-visible:ring-[3px] focus-visible:ring-ring/60"
        >
          Latest runs
        </h3>
        {ended.length > 0 && (
          <Button variant="ghost" size="sm" className="-mr-2" onClick={() => remove(ended, null)}>
            Clear all
          </Button>
        )}
      </div>
      {ended.length === 0 ? (
        <p className="text-sm text-muted-foreground">No runs yet</p>
      ) : (
        <ul ref={list} className="divide-y">
          {ended.map((run) => (
            <RunEntry
              key={run.id}
              run={run}
              isBusy={state[run.kind].isRunning}
              onAgain={onAgain}
              onDelete={removeOne}
            />
          ))}
        </ul>
      )}
      <label className="mt-2 flex w-fit items-center gap-2 text-sm">
        <input
          type="checkbox"
          checked={isKept}
          onChange={(event) => engine.setKept(event.target.checked)}
          aria-describedby={`${id}-kept`}
          className="size-4 accent-primary"
        />
        Keep these runs in this browser
      </label>
      <p id={`${id}-kept`} className="text-sm text-muted-foreground">
        {isKept
          ? "Prompts and answers are kept in this browser only, until you delete them or sign out."
          : "Prompts and answers are kept in this tab only, until you close it or sign out."}
      </p>
    </section>
  );
}
