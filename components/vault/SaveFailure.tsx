import type { ReactNode } from "react";
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

interface SaveFailureProps {
  id: string;
  failure: Failure;
  /** What is kept over a sign-in, in a sentence. */
  kept: string;
  onRightKey: (key: string) => void;
  onSaveAnyway: () => void;
  onSignIn: () => void;
}

/** Says why a secret is not saved, beside the field that it is about. */
export function SaveFailure({ id, failure, kept, onRightKey, onSaveAnyway, onSignIn }: SaveFailureProps) {
  const { message, rightKey, canSave, code } = failure;
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
        {code === "unauthenticated" && <p>{kept}</p>}
        <div className="flex flex-wrap gap-2 empty:hidden">
          {rightKey && way(<>Store it as {rightKey}</>, () => onRightKey(rightKey))}
          {canSave && way("Save anyway", onSaveAnyway)}
          {code === "unauthenticated" && way("Sign in again", onSignIn)}
        </div>
      </AlertDescription>
    </Alert>
  );
}
