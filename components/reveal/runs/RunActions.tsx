"use client";

import { Copy, Download } from "lucide-react";
import type { ReactNode } from "react";
import { toast } from "sonner";
import { writeToClipboard } from "@/components/vault/clipboard";
import { Button } from "@/components/vault/ui/button";
import { fileOf, markdownOf } from "./markdown";
import { hasContent, type PageRun } from "./run";

/**
 * What can be done with what a run has brought.
 *
 * @param children more of them
 */
export function RunActions({ run, children }: { run: PageRun; children?: ReactNode }) {
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
      {children}
    </div>
  );
}

async function copy(run: PageRun): Promise<void> {
  try {
    await writeToClipboard(Promise.resolve(markdownOf(run)));
    toast.success("Copied as Markdown.");
  } catch {
    toast.error("The browser did not let this page copy. Select the text and copy it by hand.");
  }
}

function download(run: PageRun): void {
  const { name, text } = fileOf(run);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/markdown" }));
  link.download = name;
  link.click();
  // Not at once: the browser may still be reading it.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
