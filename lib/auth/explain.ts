import type { AuthError } from "@supabase/supabase-js";
import { vaultProblem } from "../vault/errors";
import type { Problem } from "../vault/http/problem";
import { type AccountCode, accountProblem, unavailable } from "./messages";
import { explainWeakPassword } from "./weak-password";

// Of the codes of Supabase Auth (internal/api/apierrors/errorcode.go in https://github.com/supabase/auth, as of August
// 2026), all that our requests can meet and that don't pass by themselves. The rest are of features that the app has no
// use for: sign-in with other providers, a telephone, a wallet or a passkey, SAML, OAuth apps, and Auth's admin API.

/** What the person can do something about, or has to know. */
const OF_PERSON: Readonly<Record<string, AccountCode>> = {
  invalid_credentials: "invalid_credentials",
  email_not_confirmed: "email_not_confirmed",
  user_already_exists: "email_address_taken",
  email_exists: "email_address_taken",
  email_address_invalid: "email_address_refused",
  // What is left of it after our own checks: an address in a form that the auth server does not know.
  validation_failed: "email_address_refused",
  signup_disabled: "sign_up_disabled",
  user_banned: "account_blocked",
  same_password: "password_unchanged",
  current_password_invalid: "wrong_password",
  current_password_required: "wrong_password",
  reauthentication_needed: "sign_in_again",
  reauthentication_not_valid: "sign_in_again",
  over_request_rate_limit: "too_many_attempts",
  mfa_verification_failed: "wrong_code",
  // By a hook of the project's own, which is there to limit tries; the session is over then.
  mfa_verification_rejected: "too_many_attempts",
  mfa_factor_not_found: "second_factor_not_found",
  mfa_factor_name_conflict: "second_factor_exists",
  mfa_verified_factor_exists: "second_factor_exists",
  too_many_enrolled_mfa_factors: "second_factor_exists",
  mfa_totp_enroll_not_enabled: "second_factor_disabled",
  mfa_totp_verify_not_enabled: "second_factor_disabled",
};

/** Whose session has ended. */
export const SESSION_ENDED: readonly string[] = [
  "session_not_found",
  "session_expired",
  "bad_jwt",
  "no_authorization",
  "user_not_found",
];

/** The same, or a session that needs a second factor that was set up elsewhere: they sign in again. */
const OF_SESSION = [...SESSION_ENDED, "insufficient_aal"];

/** What only the operator can do something about. The log has the code, and what to do. */
const OF_OPERATOR = [
  "captcha_failed",
  "email_provider_disabled",
  "provider_disabled",
  "anonymous_provider_disabled",
  "hook_timeout",
  "hook_timeout_after_retry",
  "hook_payload_over_size_limit",
  "hook_payload_invalid_content_type",
  "hook_failed",
];

/** Answers of the gateway about the project: its API key, its quota, and that it's paused. */
const OF_PROJECT = [401, 402, 540];

const NO_CAPTCHA = "This site asks for a CAPTCHA, which its forms don't have. Contact the operator.";
const NO_MAIL_TO_ANYBODY = "This site can't send e-mail to this address yet. Contact the operator.";

/**
 * What the auth server's refusal means for the person.
 *
 * @returns a listed problem; auth_unavailable for what passes by itself, or isn't known
 */
export function explainAuthError(error: AuthError): Problem {
  const { name, message, status } = error;
  if (error.code === "weak_password") return explainWeakPassword(error);
  const code = error.code ?? codeOfFault(error);
  const cause = { name, code, status };
  const own = Object.hasOwn(OF_PERSON, code ?? "") ? OF_PERSON[code ?? ""] : undefined;
  const wait = secondsOf(message);
  if (own) return accountProblem(own, wait && status === 429 ? { retryAfter: wait } : {});
  if (name === "AuthSessionMissingError" || OF_SESSION.includes(code ?? "")) {
    return vaultProblem("unauthenticated");
  }
  switch (code) {
    case "captcha_failed":
      return accountProblem("auth_misconfigured", { detail: NO_CAPTCHA, cause });
    case "email_not_sent":
      return accountProblem("email_not_sent", { cause });
    case "email_address_not_authorized":
      return accountProblem("email_not_sent", { detail: NO_MAIL_TO_ANYBODY, cause });
    case "over_email_send_rate_limit":
      // Only a limit of the person's own says how long it lasts.
      return wait
        ? accountProblem("too_many_emails", { detail: waitFor(wait), retryAfter: wait })
        : accountProblem("email_limit_reached", { cause });
    // A hook of the project's own has refused it.
    case "unknown":
      return (status ?? 500) < 500 ? accountProblem("refused_by_rule") : unavailable(cause);
  }
  if (OF_OPERATOR.includes(code ?? "")) return accountProblem("auth_misconfigured", { cause });
  if (status === 429) return accountProblem("too_many_attempts");
  return code ? unavailable(cause) : explainStatus(cause);
}

/** The same for an answer that has no code, which isn't the auth server's own. */
export const explainStatus = (cause: { name: string; status?: number | undefined }): Problem =>
  OF_PROJECT.includes(cause.status ?? 0)
    ? accountProblem("auth_misconfigured", { cause })
    : unavailable(cause);

/** The auth server's sentence about a person's own limit: generateFrequencyLimitErrorMessage in internal/api/errors.go. */
function secondsOf(message: string): number | undefined {
  const seconds = Number(/ after (\d{1,5}) seconds/.exec(message)?.[1]);
  return seconds > 0 ? seconds : undefined;
}

const waitFor = (seconds: number) =>
  `You can request another e-mail in ${seconds === 1 ? "a second" : `${seconds} seconds`}.`;

/**
 * What is behind the auth server's answers of 500, of which auth-js passes on no code. The beginnings are those of its own
 * sentences in internal/api/mail.go, internal/hooks, and internal/api/signup.go.
 */
function codeOfFault({ status, message }: AuthError): string | undefined {
  if (status !== 500) return undefined;
  if (/^Error sending .* email$/.test(message)) return "email_not_sent";
  if (/\bhook\b/i.test(message)) return "hook_failed";
  return message.startsWith("Database error ") ? "database_error" : undefined;
}
