import { Problem } from "../vault/http/problem";
import { usageProblem } from "./errors";

/** Milliseconds for a whole call; below the 300 s that a host like Vercel gives a request, so that the error is ours. */
export const DEADLINE_MS = 280_000;

/**
 * Why a call was ended before its end: the Problem that ended it, provider_timeout, or cancelled where the person left.
 *
 * @returns undefined where nothing ended it
 */
export function interruptionOf({ aborted, reason }: AbortSignal): Problem | undefined {
  if (!aborted) return undefined;
  if (reason instanceof Problem) return reason;
  return usageProblem(
    reason instanceof DOMException && reason.name === "TimeoutError" ? "provider_timeout" : "cancelled",
  );
}
