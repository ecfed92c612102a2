"use client";

import { Eye, EyeOff } from "lucide-react";
import { type ComponentProps, useId, useState } from "react";
import { Button } from "@/components/vault/ui/button";
import { Input } from "@/components/vault/ui/input";
import { Label } from "@/components/vault/ui/label";

interface PasswordFieldProps extends Omit<ComponentProps<typeof Input>, "type" | "id"> {
  label: string;
  hint?: string;
  /** What is wrong with it, if anything. */
  complaint?: string | undefined;
}

/** A password, with a button that shows what was typed. */
export function PasswordField({ label, hint, complaint, ...input }: PasswordFieldProps) {
  const id = useId();
  const [isShown, setIsShown] = useState(false);
  const described = [hint && `${id}-hint`, complaint && `${id}-complaint`].filter(Boolean).join(" ");
  return (
    <div className="flex flex-col gap-2">
      <Label htmlFor={id}>{label}</Label>
      <div className="relative">
        <Input
          {...input}
          id={id}
          type={isShown ? "text" : "password"}
          spellCheck={false}
          autoCapitalize="none"
          aria-invalid={complaint !== undefined}
          aria-describedby={described || undefined}
          className="pr-10"
        />
        <Button
          variant="ghost"
          size="icon"
          className="absolute top-0 right-0"
          aria-pressed={isShown}
          aria-label={`Show: ${label}`}
          title={isShown ? "Hide" : "Show"}
          onClick={() => setIsShown(!isShown)}
        >
          {isShown ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
        </Button>
      </div>
      {hint && (
        <p id={`${id}-hint`} className="text-sm text-muted-foreground">
          {hint}
        </p>
      )}
      {complaint !== undefined && (
        <p id={`${id}-complaint`} role="alert" className="text-sm text-destructive-text">
          {complaint}
        </p>
      )}
    </div>
  );
}
