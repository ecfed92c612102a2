import { Check, Copy } from "lucide-react";
import { memo, useRef, useState } from "react";
import { toast } from "sonner";
import { writeToClipboard } from "@/components/vault/clipboard";
import { Button } from "@/components/vault/ui/button";
import { ScrolledSideways } from "./ScrolledSideways";

/** Code as it is, with a button that copies exactly that and stays in sight while one scrolls. */
export const CodeBlock = memo(function CodeBlock({ text, language }: { text: string; language: string }) {
  const [copied, setCopied] = useState<string | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const isCopied = copied === text;

  async function copy() {
    try {
      await writeToClipboard(Promise.resolve(text));
      setCopied(text);
      toast.success("Code copied");
    } catch {
      if (box.current) getSelection()?.selectAllChildren(box.current);
      toast.error("Your browser blocked copying. The code is selected: copy it manually.");
    }
  }

  const Icon = isCopied ? Check : Copy;
  return (
    <div className="rounded-md border bg-muted">
      {/* Not read with the answer: the toast says what became of it. */}
      <div
        aria-live="off"
        className="sticky top-0 z-10 flex min-h-9 items-center justify-between gap-2 rounded-t-md border-b bg-muted py-0.5 pr-0.5 pl-3"
      >
        <span className="min-w-0 truncate text-xs text-muted-foreground">{language || "Code"}</span>
        <Button variant="ghost" size="sm" onClick={copy} onBlur={() => setCopied(null)}>
          <Icon aria-hidden />
          {isCopied ? "Copied" : "Copy"}
          <span className="sr-only"> the code</span>
        </Button>
      </div>
      <ScrolledSideways ref={box} label="Code" className="rounded-b-md">
        <pre className="w-max min-w-full p-3 font-mono text-xs leading-5">
          <code>{text}</code>
        </pre>
      </ScrolledSideways>
    </div>
  );
});
