"use client";

import { Eye, EyeOff } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/vault/ui/button";
import { Field, type FieldProps } from "./Field";

interface PasswordFieldProps extends Omit<FieldProps, "type" | "onChange"> {
  onChange: (password: string) => void;
}

/** A password, with a button that shows what was typed. */
export function PasswordField({ onChange, ...field }: PasswordFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const [isShown, setIsShown] = useState(false);
  // Without scripts, the button would do nothing.
  const [isReady, setIsReady] = useState(false);

  useEffect(() => {
    setIsReady(true);
    // Browsers keep what is sent in a text field, to suggest it again.
    const hide = () => setIsShown(false);
    const form = input.current?.form;
    form?.addEventListener("submit", hide);
    return () => form?.removeEventListener("submit", hide);
  }, []);

  const Icon = isShown ? EyeOff : Eye;
  return (
    <Field
      {...field}
      ref={input}
      type={isShown ? "text" : "password"}
      spellCheck={false}
      autoCapitalize="none"
      required
      className="pr-10"
      onChange={(event) => onChange(event.currentTarget.value)}
    >
      {isReady && (
        <Button
          type="button"
          variant="ghost"
          size="icon"
          className="absolute top-0 right-0"
          aria-pressed={isShown}
          title={isShown ? "Hide the password" : "Show the password"}
          onClick={() => setIsShown(!isShown)}
        >
          <Icon aria-hidden />
          <span className="sr-only">Show the {field.label.toLowerCase()}</span>
        </Button>
      )}
    </Field>
  );
}
