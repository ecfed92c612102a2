"use client";

import { Copy } from "lucide-react";
import { useId, useRef, useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/vault/ui/button";
import { Label } from "@/components/vault/ui/label";
import { Textarea } from "@/components/vault/ui/textarea";

interface ShownOnceFieldProps {
  label: string;
  /** What it is, after "The": "link". */
  what: string;
  value: string;
  hint: string;
  /** Takes the focus as it appears. In a dialog, leave that to the dialog. */
  autoFocus?: boolean;
  /** Called once it was copied, with the button or manually. */
  onCopied?: () => void;
}

/** Something that is shown only once, selected, with a button that copies it. */
export function ShownOnceField(props: ShownOnceFieldProps) {
  const { label, what, value, hint, onCopied } = props;
  const id = useId();
  const [isCopied, setIsCopied] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);

  function noteCopy() {
    setIsCopied(true);
    onCopied?.();
  }

  async function copy() {
    try {
      await navigator.clipboard.writeText(value);
      noteCopy();
      toast.success(`${what.charAt(0).toUpperCase()}${what.slice(1)} copied`);
    } catch {
      field.current?.select();
      toast.error(`Your browser blocked copying. The ${what} is selected: copy it manually.`);
    }
  }

  return (
    <div className="flex flex-col gap-2 rounded-lg border bg-background/60 p-3">
      <Label htmlFor={`${id}-value`}>{label}</Label>
      <div className="flex flex-wrap gap-2 sm:flex-nowrap">
        {/* All of it is visible, however long. */}
        <Textarea
          ref={field}
          id={`${id}-value`}
          autoFocus={props.autoFocus}
          readOnly
          rows={2}
          spellCheck={false}
          value={value}
          className="min-h-9 min-w-0 resize-none font-mono text-xs leading-5 break-all md:text-xs md:leading-5"
          onFocus={(event) => event.target.select()}
          onCopy={noteCopy}
          aria-describedby={`${id}-hint`}
        />
        <Button variant={isCopied ? "outline" : "default"} onClick={copy}>
          <Copy aria-hidden />
          Copy<span className="sr-only"> the {what}</span>
        </Button>
      </div>
      <p id={`${id}-hint`} className="text-sm text-muted-foreground">
        {hint}
      </p>
    </div>
  );
}
