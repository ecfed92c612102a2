"use client";

import { type ReactNode, type RefObject, useEffect } from "react";
import { Alert, AlertDescription } from "@/components/vault/ui/alert";
import { Button } from "@/components/vault/ui/button";
import { NO_OUTLINE } from "@/components/vault/ui/focus";
import { ApiError } from "@/lib/vault/http/client";

/** Why a secret is not saved, and the ways on. */
export interface Failure {
  /** The field that it is about; undefined if it is about none. */
  field?: "key" | "value" | "description" | "expires";
  message: string;
  /** The key that the value seems to belong to. */
  rightKey?: string | undefined;
  /** It is a doubt, which the person may set aside. */
  canSave?: boolean;
  code?: string;
}

export const asFailure = (error: unknown): Failure =>
  error instanceof ApiError
    ? { message: error.message, code: error.code }
    : { message: "That didn't work. Try again." };

/**
 * Brings the focus to the field that a failure is about, and what it says into sight.
 *
 * @param id begins the ids of the fields and of the alert
 * @param value the field for the value
 */
export function useFailureFocus(
  failure: Failure | null,
  id: string,
  value: RefObject<HTMLElement | null>,
): void {
  useEffect(() => {
    if (!failure) return;
    const target =
      failure.field === "value"
        ? value.current
        : document.getElementById(`${id}-${failure.field ?? "error"}`);
    target?.focus();
    document.getElementById(`${id}-error`)?.scrollIntoView({ block: "nearest" });
  }, [failure, id, value]);
}

interface SaveFailureProps {
  id: string;
  failure: Failure;
  /** Whether a secret is edited, and not added. */
  isEdit: boolean;
  /** Whether there is a value to save. */
  withValue: boolean;
  onRightKey: (key: string) => void;
  onSaveAnyway: () => void;
  onSignIn: () => void;
}

/** Says why a secret is not saved, beside the field that it is about. */
export function SaveFailure(props: SaveFailureProps) {
  const { id, isEdit, withValue, onRightKey, onSaveAnyway, onSignIn } = props;
  const { message, rightKey, canSave, code } = props.failure;
  const way = (label: ReactNode, go: () => void) => (
    <Button
      variant="outline"
      size="sm"
      className="h-auto min-h-8 max-w-full shrink py-1 [overflow-wrap:anywhere] whitespace-normal"
      onClick={go}
    >
      {label}
    </Button>
  );
  return (
    <Alert variant={canSave ? "default" : "destructive"} id={id} tabIndex={-1} className={NO_OUTLINE}>
      <AlertDescription>
        <p>{message}</p>
        {code === "unauthenticated" && <p>{keptWords(isEdit, withValue)}</p>}
        <div className="flex flex-wrap gap-2 empty:hidden">
          {rightKey && way(<>Store it as {rightKey}</>, () => onRightKey(rightKey))}
          {canSave && way("Save anyway", onSaveAnyway)}
          {code === "unauthenticated" && way("Sign in again", onSignIn)}
        </div>
      </AlertDescription>
    </Alert>
  );
}

/** What is kept over a sign-in. */
function keptWords(isEdit: boolean, withValue: boolean): string {
  const kept = isEdit
    ? "Your changes are kept while you sign in."
    : "What you entered is kept while you sign in.";
  return withValue ? `${kept} The value isn't.` : kept;
}
