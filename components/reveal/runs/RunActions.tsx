"use client";

import { Copy, Download, RotateCcw } from "lucide-react";
import type { ReactNode } from "react";
import { toast } from "sonner";
import { writeToClipboard } from "@/components/vault/clipboard";
import { Button } from "@/components/vault/ui/button";
import { fileOf, markdownOf } from "./markdown";
import { hasContent, type PageRun } from "./run";

interface RunActionsProps {
  run: PageRun;
  /** Whether a run of its kind is under way. */
  isBusy?: boolean;
  /** Runs it again. */
  onAgain: () => void;
  /** More that can be done. */
  children?: ReactNode;
}

/** What can be done with a run that is over. */
export function RunActions({ run, isBusy = false, onAgain, children }: RunActionsProps) {
  return (
    <div className="-mx-2 flex flex-wrap gap-1">
      {hasContent(run) && (
        <>
          <Button variant="ghost" size="sm" onClick={() => copy(run)}>
            <Copy aria-hidden />
            Copy
          </Button>
          <Button variant="ghost" size="sm" onClick={() => download(run)}>
            <Download aria-hidden />
            Download
          </Button>
        </>
      )}
      <Button variant="ghost" size="sm" disabled={isBusy} onClick={onAgain}>
        <RotateCcw aria-hidden />
        Run again
      </Button>
      {children}
    </div>
  );
}

async function copy(run: PageRun): Promise<void> {
  try {
    await writeToClipboard(Promise.resolve(markdownOf(run)));
    toast.success("Copied as Markdown");
  } catch {
    toast.error("Your browser blocked copying. Select the text and copy it manually.");
  }
}

function download(run: PageRun): void {
  const { name, text } = fileOf(run);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/markdown" }));
  link.download = name;
  link.click();
  // Not immediately: the browser may still be reading it.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
