import type { AuthError } from "@supabase/supabase-js";

// Codes: https://supabase.com/docs/guides/auth/debugging/error-codes
const SENTENCES: Record<string, string> = {
  invalid_credentials: "The e-mail address or the password is not right.",
  email_not_confirmed: "Confirm your e-mail address first: open the link that was sent to you.",
  user_already_exists: "There is already an account with this e-mail address. Sign in instead.",
  email_exists: "There is already an account with this e-mail address. Sign in instead.",
  signup_disabled: "New accounts are switched off here. Ask the operator for one.",
  email_address_invalid: "This e-mail address is not accepted. Use another one.",
  email_address_not_authorized: "This e-mail address is not accepted here. Ask the operator.",
  over_request_rate_limit: "Too many attempts. Wait a minute, then try again.",
  over_email_send_rate_limit: "Too many e-mails were sent. Wait a few minutes, then try again.",
  user_banned: "This account is blocked. Ask the operator.",
};

/** A sentence that the person can act on, for what the auth server answered. */
export function explainAuthError(error: AuthError): string {
  if (error.code === "weak_password") {
    // The auth server says which rule; its sentence holds no input.
    const length = /at least (\d+)/.exec(error.message)?.[1];
    return length
      ? `The password is too short. Use at least ${length} characters.`
      : "The password is too weak. Use a longer one, with letters and digits.";
  }
  const known = SENTENCES[error.code ?? ""];
  if (known) return known;
  return error.status === 429
    ? "Too many attempts. Wait a minute, then try again."
    : "Signing in does not work right now. Try again in a moment.";
}
