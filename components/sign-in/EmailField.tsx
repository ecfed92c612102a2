"use client";

import { useEffect, useRef } from "react";
import { Field, type FieldProps } from "@/components/shared/Field";
import { keepTypedEmail, readTypedEmail } from "./typedEmail";

interface EmailFieldProps extends Omit<FieldProps, "name" | "label" | "onChange"> {
  onChange: (email: string) => void;
}

/** An e-mail address, which goes along from one of the forms to the next in this tab. */
export function EmailField({ onChange, ...field }: EmailFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (!input.current) return;
    // Typed before the scripts had loaded, or corrected here after a refusal.
    if (input.current.value) keepTypedEmail(input.current.value);
    // In a field that somebody is in, what they are about to type would join it.
    else if (document.activeElement !== input.current) input.current.value = readTypedEmail();
  }, []);
  return (
    <Field
      {...field}
      ref={input}
      name="email"
      label="E-mail"
      type="email"
      autoComplete="username"
      required
      onChange={({ currentTarget: { value } }) => {
        keepTypedEmail(value);
        onChange(value);
      }}
    />
  );
}
