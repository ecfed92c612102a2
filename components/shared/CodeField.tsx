import type { Ref } from "react";
import { Input } from "@/components/vault/ui/input";
import { Label } from "@/components/vault/ui/label";

interface CodeFieldProps {
  id: string;
  ref?: Ref<HTMLInputElement>;
  autoFocus?: boolean;
  /** What is wrong with the code, if that was said. */
  failure?: string | undefined;
  /** The id of what else belongs to it. */
  describedBy?: string | undefined;
  onChange?: () => void;
}

/** The field for the code of an authenticator app. It takes the space, too, that apps show in the middle. */
export function CodeField({ id, ref, autoFocus, failure, describedBy, onChange }: CodeFieldProps) {
  const ids = [`${id}-hint`, failure && `${id}-error`, describedBy].filter(Boolean).join(" ");
  return (
    <div className="flex flex-col gap-2">
      <Label htmlFor={id}>Code</Label>
      <Input
        ref={ref}
        id={id}
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        autoFocus={autoFocus}
        spellCheck={false}
        required
        className="tracking-widest tabular-nums"
        aria-invalid={failure !== undefined}
        aria-describedby={ids}
        onChange={onChange}
      />
      <p id={`${id}-hint`} className="text-sm text-muted-foreground">
        The 6-digit code from your authenticator app.
      </p>
      {failure && (
        <p id={`${id}-error`} role="alert" className="text-sm text-destructive-text">
          {failure}
        </p>
      )}
    </div>
  );
}
