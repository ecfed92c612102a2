import type { ComponentProps, ReactNode } from "react";
import { Input } from "@/components/vault/ui/input";
import { Label } from "@/components/vault/ui/label";

export interface FieldProps extends Omit<ComponentProps<typeof Input>, "name" | "id"> {
  /** Its name in the form, and its id. */
  name: string;
  label: string;
  hint?: string;
  /** What is wrong with it, if anything. */
  complaint?: string | undefined;
  /** The id of something else that is said about it. */
  describedBy?: string | undefined;
  /** Beside the input. */
  children?: ReactNode;
}

/** An input with its label, its hint, and what is wrong with it. */
export function Field({ name, label, hint, complaint, describedBy, children, ...input }: FieldProps) {
  const described = [hint && `${name}-hint`, complaint && `${name}-error`, describedBy].filter(Boolean);
  return (
    <div className="flex flex-col gap-2">
      <Label htmlFor={name}>{label}</Label>
      <div className="relative">
        <Input
          {...input}
          id={name}
          name={name}
          aria-invalid={complaint !== undefined}
          aria-describedby={described.join(" ") || undefined}
        />
        {children}
      </div>
      {hint && (
        <p id={`${name}-hint`} className="text-sm text-muted-foreground">
          {hint}
        </p>
      )}
      {complaint !== undefined && (
        <p id={`${name}-error`} role="alert" className="text-sm text-destructive-text">
          {complaint}
        </p>
      )}
    </div>
  );
}
