import { choosesPassword } from "@/lib/auth/links";

/** What the sign-in page says to somebody who was sent there: what happened, and what to do about it. */
export interface Notice {
  fact: string;
  /** Left out for somebody who is signed in. */
  advice: string;
  link?: { href: string; text: string };
}

const ASK_AGAIN = { href: "/forgot-password", text: "Request a new link" };

/** The closed list of them. Each has to be true in every case in which it is shown. */
export const NOTICES = {
  confirmed: { fact: "Your e-mail address is confirmed.", advice: "Sign in." },
  "confirmed-invited": {
    fact: "Your e-mail address is confirmed.",
    advice: "Sign in, then open the link in your invitation again to join the team.",
  },
  "email-changed": { fact: "Your e-mail address has been changed.", advice: "Sign in with the new one." },
  "email-half-changed": {
    fact: "One of the two links is confirmed. Open the link sent to the other address, too.",
    advice: "Your e-mail address won't change until you do.",
  },
  // The same for an address that has an account already, which gets no link.
  sent: {
    fact: "Check your e-mail. A new address gets a link to confirm it.",
    advice: "Open the link, then sign in. No e-mail? You may have an account already.",
  },
  expired: {
    fact: "This link no longer works: it has expired or was already used.",
    advice: "Try signing in. If your address isn't confirmed yet, sign up again to get a new link.",
  },
  "reset-expired": {
    fact: "This link no longer works: it has expired or was already used.",
    advice: "",
    link: ASK_AGAIN,
  },
  invalid: {
    fact: "This link isn't valid.",
    advice: "Copy the whole link from the e-mail, or sign up again to get a new one.",
  },
  "reset-invalid": {
    fact: "This link isn't valid.",
    advice: "Copy the whole link from the e-mail.",
    link: ASK_AGAIN,
  },
  "no-sign-in": {
    fact: "Links don't sign you in here.",
    advice: "To choose a new password, request a link.",
    link: { href: "/forgot-password", text: "Choose a new password" },
  },
  "password-changed": {
    fact: "Your new password is set. You were signed out everywhere.",
    advice: "Sign in with the new password.",
  },
  "password-kept": {
    fact: "That's already your password. You were signed out everywhere.",
    advice: "Sign in with it.",
  },
  "password-unconfirmed": {
    fact:
      "Your password is set, but the sign-in server didn't confirm that every session was signed out. " +
      "If someone copied one, it may work until it expires.",
    advice: "Sign in with the password.",
  },
  elsewhere: {
    fact:
      "This link works only in the browser where you signed up. " +
      "Your e-mail address is probably confirmed already.",
    advice: "Sign in.",
  },
  unanswered: {
    fact: "The link couldn't be checked because the sign-in server didn't respond.",
    advice: "Wait a minute, then open the link again.",
  },
  refused: {
    fact: "The sign-in server refused this link.",
    advice: "Try signing in, or sign up again to get a new link.",
  },
  "sign-out-unconfirmed": {
    fact:
      "You're signed out in this browser, but the sign-in server didn't confirm it. " +
      "If someone copied your session, it may work until it expires.",
    advice: "",
  },
  "account-deleted": { fact: "Your account was deleted.", advice: "" },
} as const satisfies Record<string, Notice>;

export type NoticeName = keyof typeof NOTICES;

/** Whether it is about a link that was opened, which matters to somebody who is signed in as well. */
export const isAboutLink = (name: NoticeName) =>
  !["sent", "sign-out-unconfirmed", "account-deleted"].includes(name);

/** The same for a link to choose a new password: what it says about signing up would be of no use. */
export const ofReset = (name: NoticeName): NoticeName =>
  name === "expired" ? "reset-expired" : name === "invalid" ? "reset-invalid" : name;

/** The sign-in page with one of the notices. */
export const noticeHref = (name: NoticeName) => `/login?notice=${name}`;

/** The notice that an address asks for; null for anything else. */
export function readNotice(name: unknown): NoticeName | null {
  return typeof name === "string" && Object.hasOwn(NOTICES, name) ? (name as NoticeName) : null;
}

// https://supabase.com/docs/guides/auth/debugging/error-codes
const BY_CODE: Record<string, NoticeName> = {
  otp_expired: "expired",
  flow_state_expired: "expired",
  flow_state_already_used: "expired",
  flow_state_not_found: "invalid",
  validation_failed: "invalid",
  bad_code_verifier: "elsewhere",
  over_request_rate_limit: "unanswered",
  over_email_send_rate_limit: "unanswered",
  request_timeout: "unanswered",
  conflict: "unanswered",
  unexpected_failure: "unanswered",
};

/**
 * What Supabase Auth's own report of a link means, or its answer to one. Of the report, only known words count;
 * its `error_description` is never shown.
 *
 * @param error an OAuth error, RFC 6749, 4.1.2.1
 * @param code one of Supabase Auth's error codes
 */
export function noticeOfReport(error: string | null, code: string | null): NoticeName {
  if (code !== null && Object.hasOwn(BY_CODE, code)) return BY_CODE[code] ?? "refused";
  return error === "server_error" || error === "temporarily_unavailable" ? "unanswered" : "refused";
}

/**
 * What the part of an address after its # says, which only browsers see: Supabase Auth puts its report there for
 * links that were not asked for on our pages, and a session where such a link worked. The session is not taken:
 * anybody could send somebody a link with their own.
 *
 * @param fragment without its #
 * @returns null where it says nothing
 */
export function noticeOfFragment(fragment: string): NoticeName | null {
  const said = new URLSearchParams(fragment);
  if (said.has("error") || said.has("error_code")) {
    return noticeOfReport(said.get("error"), said.get("error_code"));
  }
  // The first of two links that change an address: verifyGet in internal/api/verify.go of https://github.com/supabase/auth.
  if (!said.has("access_token")) return said.has("message") ? "email-half-changed" : null;
  return choosesPassword(said.get("type")) ? "no-sign-in" : "confirmed";
}
