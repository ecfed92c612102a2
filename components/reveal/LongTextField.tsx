import { type KeyboardEvent, type RefObject, useEffect, useState } from "react";
import { Label } from "@/components/vault/ui/label";
import { Textarea } from "@/components/vault/ui/textarea";
import { formatCount } from "./words";

interface LongTextFieldProps {
  id: string;
  label: string;
  placeholder: string;
  /** Characters that the server accepts. The field takes more, so that nothing pasted is lost unnoticed. */
  max: number;
  field: RefObject<HTMLTextAreaElement | null>;
  /** Gets the field's text, at first and with every change. */
  onText: (text: string) => void;
  /** What is wrong with it, beside its length; null for nothing. */
  complaint: string | null;
}

/**
 * A labelled text area that counts its characters when the limit is near; Ctrl or ⌘ with Enter submits. What is in
 * it is the browser's: typed before the scripts were there, or put back by the browser, it counts all the same.
 */
export function LongTextField({ id, label, placeholder, max, field, onText, complaint }: LongTextFieldProps) {
  const [length, setLength] = useState(0);
  const isOver = length > max;
  const isNear = length >= 0.8 * max;
  const notes = [complaint !== null && `${id}-complaint`, isNear && `${id}-count`].filter(Boolean);

  function measure(text: string) {
    // Smaller numbers are not shown, so the form need not be drawn for them.
    setLength(text.length >= 0.8 * max ? text.length : 0);
    onText(text);
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: for what was there before the first render
  useEffect(() => measure(field.current?.value ?? ""), []);

  function submitOnShortcut(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.currentTarget.form?.requestSubmit();
  }

  return (
    <div className="grid gap-2">
      <Label htmlFor={id}>{label}</Label>
      <Textarea
        ref={field}
        id={id}
        placeholder={placeholder}
        onInput={(event) => measure(event.currentTarget.value)}
        onKeyDown={submitOnShortcut}
        aria-keyshortcuts="Control+Enter Meta+Enter"
        aria-invalid={isOver || complaint !== null || undefined}
        aria-describedby={notes.join(" ") || undefined}
        className="max-h-72 min-h-32"
      />
      {complaint !== null && (
        <p id={`${id}-complaint`} className="text-sm text-destructive-text">
          {complaint}
        </p>
      )}
      {isNear && (
        <p
          id={`${id}-count`}
          className={isOver ? "text-sm text-destructive-text" : "text-sm text-muted-foreground"}
        >
          {formatCount(length)} of {formatCount(max)} characters
          {isOver && `: shorten it by ${formatCount(length - max)}.`}
        </p>
      )}
    </div>
  );
}
