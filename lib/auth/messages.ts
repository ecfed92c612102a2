import { vaultProblem } from "../vault/errors";
import { defineProblems, type Problem } from "../vault/http/problem";
import { TOO_LONG } from "./fields";

/**
 * The closed list of what a sign-in, a sign-up or a change of the account is refused for; see docs/errors.md. A code
 * that begins with `email_address_` or `password_` is about that field of the form.
 */
export const ACCOUNT_PROBLEMS = {
  invalid_credentials: { status: 401, event: "sign_in_failed", detail: "Wrong e-mail or password." },
  wrong_password: { status: 403, event: "sign_in_failed", detail: "Wrong password." },
  email_not_confirmed: {
    status: 403,
    event: "sign_in_failed",
    detail: "Confirm your e-mail address first: open the link we sent you.",
  },
  email_address_malformed: {
    status: 400,
    detail: "Enter an e-mail address, such as name@example.com.",
  },
  email_address_taken: {
    status: 409,
    detail: "There's already an account with this e-mail address. Sign in instead.",
  },
  email_address_refused: {
    status: 403,
    detail: "This e-mail address isn't accepted here. Use another one, or ask the operator.",
  },
  password_missing: { status: 400, detail: "Enter your password." },
  password_too_short: { status: 400, detail: "The password is too short. Use at least 10 characters." },
  password_too_long: { status: 400, detail: TOO_LONG },
  password_too_weak: {
    status: 400,
    detail: "The password is too weak. Use a longer one, with more kinds of characters.",
  },
  password_common: {
    status: 400,
    detail: "This password is too easy to guess. Choose another one.",
  },
  password_is_email: {
    status: 400,
    detail: "The password can't be your e-mail address or the part before the @.",
  },
  password_unchanged: { status: 400, detail: "This is your current password. Choose another one." },
  sign_in_again: {
    status: 403,
    detail: "You signed in too long ago for this. Sign out, sign in again, then change your password.",
  },
  email_address_unchanged: { status: 400, detail: "This is already your e-mail address." },
  code_malformed: { status: 400, detail: "Enter the 6-digit code from your authenticator app." },
  wrong_code: {
    status: 403,
    event: "sign_in_failed",
    detail: "Wrong code. Enter the one your authenticator app shows now.",
  },
  second_factor_exists: { status: 409, detail: "Two-factor authentication is already on. Remove it first." },
  second_factor_not_found: {
    status: 404,
    detail: "This authenticator is no longer set up here. Start over.",
  },
  second_factor_disabled: {
    status: 403,
    detail: "Authenticator codes are turned off here. Contact the operator.",
  },
  reset_link_ended: {
    status: 401,
    detail: "Your link has expired or was already used. Request a new one.",
  },
  reset_link_replaced: {
    status: 409,
    detail: "You opened a link for another account in the meantime. Check the address, then try again.",
  },
  second_factor_required: {
    status: 403,
    detail:
      "This account has a second factor, which a link doesn't replace. Ask the operator to help you get back in.",
  },
  refused_by_rule: {
    status: 403,
    detail: "A rule of this site doesn't allow this. Contact the operator.",
  },
  auth_misconfigured: {
    status: 503,
    detail: "This doesn't work right now because of how this site is set up. Contact the operator.",
  },
  email_not_sent: {
    status: 503,
    detail:
      "The e-mail couldn't be sent. Try again in a few minutes. If it fails again, contact the operator.",
  },
  email_limit_reached: {
    status: 503,
    detail: "This site has sent as many e-mails as it's allowed to for now. Try again in an hour.",
  },
  sign_up_disabled: { status: 403, detail: "New accounts are turned off here. Ask the operator for one." },
  account_blocked: {
    status: 403,
    event: "sign_in_failed",
    detail: "This account is blocked. Contact the operator.",
  },
  too_many_attempts: {
    status: 429,
    event: "sign_in_failed",
    detail: "Too many attempts. Wait five minutes, then try again.",
  },
  too_many_emails: {
    status: 429,
    detail: "Too many e-mails were sent. Wait a few minutes, then try again.",
  },
} as const;

/** A code of {@link ACCOUNT_PROBLEMS}. */
export type AccountCode = keyof typeof ACCOUNT_PROBLEMS;

/** Builds a listed error to throw. */
export const accountProblem = defineProblems(ACCOUNT_PROBLEMS);

/** What auth_unavailable means to somebody who wants to get in. */
export const UNAVAILABLE = "Sign-in isn't available right now. Try again in a moment.";

/** The auth server did not answer, or not in its own words. */
export const unavailable = (cause: unknown): Problem =>
  vaultProblem("auth_unavailable", { detail: UNAVAILABLE, cause });
