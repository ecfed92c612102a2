import { cn } from "@/components/vault/ui/cn";
import { type ApiError, isCancelled } from "@/lib/vault/http/client";
import { signInHrefHere } from "@/lib/workspace/href";

/** Why something did not work, beside where it was asked for, with the way on where there is one. */
export function Failure({
  id,
  failure,
  className,
}: {
  id?: string;
  failure: ApiError | null;
  className?: string;
}) {
  if (!failure || isCancelled(failure)) return null;
  const isSignedOut = failure.code === "unauthenticated";
  return (
    <p
      id={id}
      role="alert"
      className={cn("text-sm text-destructive-text [overflow-wrap:anywhere]", className)}
    >
      {isSignedOut ? "Your session has ended." : failure.message}{" "}
      {isSignedOut && (
        <a href={signInHrefHere()} className="underline underline-offset-4">
          Sign in
        </a>
      )}
    </p>
  );
}
