import "server-only";
import type { AuthError } from "@supabase/supabase-js";
import { unavailable } from "@/lib/auth/messages";
import { type NoticeName, noticeOfReport } from "@/lib/auth/notices";
import { logProblem } from "@/lib/vault/http/log";
import { isOutage } from "@/lib/vault/session/session";

/** What the auth server's refusal of a link means. */
export function noticeOf(error: AuthError): NoticeName {
  // The link is for the browser that signed up, and this is another one.
  if (error.name === "AuthPKCECodeVerifierMissingError") return "elsewhere";
  if (error.status === 429) return "unanswered";
  if (!isOutage(error)) return noticeOfReport(null, error.code ?? null);
  logProblem(unavailable(error));
  return "unanswered";
}
