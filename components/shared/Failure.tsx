import { cn } from "@/components/vault/ui/cn";
import { type ApiError, isCancelled } from "@/lib/vault/http/client";
import { signInHrefHere } from "@/lib/workspace/href";

interface FailureProps {
  id?: string;
  failure: ApiError | null;
  /** What it means that the address is not there, where that is so for people who are signed out. */
  notFound?: string;
  className?: string;
}

/** Why something did not work, beside where it was asked for, with the way on where there is one. */
export function Failure({ id, failure, notFound, className }: FailureProps) {
  if (!failure || isCancelled(failure)) return null;
  const isSignedOut = failure.code === "unauthenticated";
  const isNotFound = notFound !== undefined && failure.code === "address_not_found";
  return (
    <p
      id={id}
      role="alert"
      className={cn("text-sm text-destructive-text [overflow-wrap:anywhere]", className)}
    >
      {isSignedOut ? "Your session has ended." : isNotFound ? notFound : failure.message}{" "}
      {(isSignedOut || isNotFound) && (
        <a href={signInHrefHere()} className="underline underline-offset-4">
          Sign in
        </a>
      )}
    </p>
  );
}
