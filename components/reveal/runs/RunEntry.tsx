"use client";

import { ChevronRight, Trash2 } from "lucide-react";
import { memo, useId, useState } from "react";
import { Button } from "@/components/vault/ui/button";
import { cn } from "@/components/vault/ui/cn";
import { RelativeTime } from "@/components/vault/ui/RelativeTime";
import { describeRun } from "../words";
import { RunActions } from "./RunActions";
import { RunContent } from "./RunContent";
import type { PageRun } from "./run";
import { ScrollBox } from "./ScrollBox";

interface RunEntryProps {
  run: PageRun;
  /** Whether a run of its kind is under way. */
  isBusy: boolean;
  onAgain: (run: PageRun) => void;
  onDelete: (run: PageRun) => void;
}

/** How much of a text its line shows; the browser shows what there is room for. */
const BEGINNING = 200;

/** One run of the list: a line that opens. The functions are the same in every render. */
export const RunEntry = memo(function RunEntry({ run, isBusy, onAgain, onDelete }: RunEntryProps) {
  const id = useId();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <li>
      <button
        type="button"
        data-run={run.id}
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setIsOpen(!isOpen)}
        className="grid w-full grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-2 rounded-md px-1 py-2 text-left text-sm focus-visible:outline-hidden transition-colors hover:bg-accent focus-visible:ring-[3px] focus-visible:ring-ring/60 motion-reduce:transition-none"
      >
        <ChevronRight
          aria-hidden
          className={cn(
            "size-4 text-muted-foreground transition-transform motion-reduce:transition-none",
            isOpen && "rotate-90",
          )}
        />
        <span className="truncate">
          <span className="text-muted-foreground">{run.kind === "run" ? "Run" : "Analysis"}</span>{" "}
          {run.text.slice(0, BEGINNING).trim()}
        </span>
        <span className="text-xs text-muted-foreground">
          <RelativeTime iso={new Date(run.at).toISOString()} />
        </span>
        <span className="col-start-2 col-end-4 truncate text-xs text-muted-foreground">
          {[run.model, ENDINGS[run.state]].filter(Boolean).join(" · ")}
        </span>
      </button>
      {isOpen && (
        <div id={id} className="grid grid-cols-1 gap-3 pt-1 pb-4">
          <ScrollBox
            label={run.kind === "run" ? "The prompt" : "The text"}
            className="max-h-32 rounded-none border-l-2"
          >
            <p className="pl-3 text-sm break-words whitespace-pre-wrap text-muted-foreground">{run.text}</p>
          </ScrollBox>
          <RunContent run={run} />
          <p className="text-sm break-words text-muted-foreground">{describeRun(run)}</p>
          <RunActions run={run} isBusy={isBusy} onAgain={() => onAgain(run)}>
            <Button variant="ghost" size="sm" onClick={() => onDelete(run)}>
              <Trash2 aria-hidden />
              Delete
            </Button>
          </RunActions>
        </div>
      )}
    </li>
  );
});

const ENDINGS: Partial<Record<PageRun["state"], string>> = {
  stopped: "stopped",
  broken: "interrupted",
  failed: "failed",
};
