"use client";

import { Copy } from "lucide-react";
import { useId, useRef } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";

interface ShownOnceFieldProps {
  label: string;
  /** What it is, after "The": "link". */
  what: string;
  value: string;
  hint: string;
  /** Takes the focus as it appears. In a dialog, leave that to the dialog. */
  autoFocus?: boolean;
  /** Is told once it was copied, by the button or by hand. */
  onCopied?: () => void;
}

/** Something that is shown this once, selected and with a button that copies it. */
export function ShownOnceField(props: ShownOnceFieldProps) {
  const { label, what, value, hint, onCopied } = props;
  const id = useId();
  const field = useRef<HTMLInputElement>(null);

  async function copy() {
    try {
      await navigator.clipboard.writeText(value);
      onCopied?.();
      toast.success(`The ${what} is copied.`);
    } catch {
      field.current?.select();
      toast.error(`The browser did not allow copying. The ${what} is selected: copy it by hand.`);
    }
  }

  return (
    <div className="flex flex-col gap-2 rounded-lg border bg-background/60 p-3">
      <Label htmlFor={`${id}-value`}>{label}</Label>
      <div className="flex flex-wrap gap-2 sm:flex-nowrap">
        <Input
          ref={field}
          id={`${id}-value`}
          autoFocus={props.autoFocus}
          readOnly
          value={value}
          className="font-mono text-xs md:text-xs"
          onFocus={(event) => event.target.select()}
          onCopy={onCopied}
          aria-describedby={`${id}-hint`}
        />
        <Button onClick={copy}>
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
