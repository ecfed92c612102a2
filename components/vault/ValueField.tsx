"use client";

import { Eye, EyeOff } from "lucide-react";
import { type Ref, useState } from "react";
import { Button } from "@/components/vault/ui/button";
import { cn } from "@/components/vault/ui/cn";
import { WARNING_TEXT } from "@/components/vault/ui/colors";
import { Label } from "@/components/vault/ui/label";
import { Textarea } from "@/components/vault/ui/textarea";
import type { Doubt } from "@/lib/vault/doubts";
import { FileButton } from "./FileButton";

interface ValueFieldProps {
  id: string;
  label: string;
  /** What was done with the text that is in it, in sentences. */
  notes: readonly string[];
  /** What is said about it, unless that is said elsewhere. */
  doubt: Doubt | null;
  onInput: () => void;
  /** The white space around it is to go. */
  onTrim: () => void;
  /** A file was chosen, and holds this text. */
  onText: (text: string) => void;
  onProblem: (problem: string) => void;
  invalid: boolean;
  describedBy: string | undefined;
  ref: Ref<HTMLTextAreaElement>;
}

/**
 * Takes a value. What is in it stays in the field: it is read once, when it is sent, and is never part of the
 * page's state. Password managers, spell-checkers and the form history are kept away from it.
 */
export function ValueField(props: ValueFieldProps) {
  const { id, label, notes, doubt, onInput, onTrim, onText, onProblem, invalid, describedBy, ref } = props;
  const [isShown, setShown] = useState(false);
  const Icon = isShown ? EyeOff : Eye;
  return (
    <div className="flex flex-col gap-2">
      <Label htmlFor={id}>{label}</Label>
      <Textarea
        ref={ref}
        id={id}
        name="secret-value"
        rows={2}
        className={cn("max-h-40 font-mono", !isShown && "[-webkit-text-security:disc]")}
        autoComplete="off"
        autoCorrect="off"
        autoCapitalize="none"
        spellCheck={false}
        data-1p-ignore
        data-bwignore
        data-lpignore="true"
        data-form-type="other"
        aria-invalid={invalid}
        aria-describedby={[describedBy, `${id}-notes`].filter(Boolean).join(" ")}
        // At once and not on leaving the field: a sentence that comes or goes moves the button from under the pointer.
        // So not `onChange`, which Firefox calls on leaving as well where a paste was cleaned.
        onInput={onInput}
      />
      <div className="flex flex-wrap gap-2">
        <FileButton id={`${id}-file`} onText={onText} onProblem={onProblem} />
        <Button variant="outline" onClick={() => setShown(!isShown)}>
          <Icon aria-hidden />
          {isShown ? "Hide" : "Show"}
          <span className="sr-only"> what is entered</span>
        </Button>
      </div>
      <output id={`${id}-notes`} className="flex flex-col gap-1 text-sm empty:hidden">
        {notes.map((note) => (
          <span key={note} className="text-muted-foreground">
            {note}
          </span>
        ))}
        {doubt && <span className={WARNING_TEXT}>{doubt.warning}</span>}
      </output>
      {doubt?.isPadded && (
        <Button variant="outline" size="sm" className="w-fit" onClick={onTrim}>
          Leave the white space out
        </Button>
      )}
    </div>
  );
}
