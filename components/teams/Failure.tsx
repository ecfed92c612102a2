import type { ApiError } from "@/lib/http/client";

/** Why something did not work, beside where it was asked for, with the way on where there is one. */
export function Failure({ id, failure }: { id?: string; failure: ApiError | null }) {
  if (!failure) return null;
  return (
    <p id={id} role="alert" className="text-sm text-destructive-text [overflow-wrap:anywhere]">
      {failure.message}{" "}
      {failure.code === "unauthenticated" && (
        <a href="/login" className="underline underline-offset-4">
          Sign in
        </a>
      )}
    </p>
  );
}
