import type { KeyboardEvent } from "react";
import { Label } from "@/components/vault/ui/label";
import { Textarea } from "@/components/vault/ui/textarea";
import { formatCount } from "./words";

interface LongTextFieldProps {
  id: string;
  label: string;
  placeholder: string;
  /** Characters that the server accepts. The field takes more, so that nothing pasted is lost unnoticed. */
  max: number;
  value: string;
  onChange: (value: string) => void;
}

/** A labelled text area that counts its characters when the limit is near; Ctrl or ⌘ with Enter submits. */
export function LongTextField({ id, label, placeholder, max, value, onChange }: LongTextFieldProps) {
  const isOver = value.length > max;
  const isNear = value.length >= 0.8 * max;

  function submitOnShortcut(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.currentTarget.form?.requestSubmit();
  }

  return (
    <div className="grid gap-2">
      <Label htmlFor={id}>{label}</Label>
      <Textarea
        id={id}
        value={value}
        placeholder={placeholder}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={submitOnShortcut}
        aria-invalid={isOver || undefined}
        aria-describedby={isNear ? `${id}-count` : undefined}
        className="max-h-72 min-h-32"
      />
      {isNear && (
        <p
          id={`${id}-count`}
          className={isOver ? "text-sm text-destructive-text" : "text-sm text-muted-foreground"}
        >
          {formatCount(value.length)} of {formatCount(max)} characters
          {isOver && `: shorten it by ${formatCount(value.length - max)}.`}
        </p>
      )}
    </div>
  );
}
