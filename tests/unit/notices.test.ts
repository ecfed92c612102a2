import { expect, it } from "vitest";
import { choosesPassword, LINKS, readLink } from "../../lib/auth/links.ts";
import { NOTICES, noticeOfFragment, noticeOfReport, ofReset, readNotice } from "../../lib/auth/notices.ts";

it.each([
  ["access_denied", "otp_expired", "expired"],
  ["access_denied", "flow_state_expired", "expired"],
  ["invalid_request", "flow_state_not_found", "invalid"],
  ["server_error", "unexpected_failure", "unanswered"],
  ["server_error", null, "unanswered"],
  ["temporarily_unavailable", "x", "unanswered"],
  [null, "over_email_send_rate_limit", "unanswered"],
  ["access_denied", null, "refused"],
  ["access_denied", "user_banned", "refused"],
  ["__proto__", "__proto__", "refused"],
  [null, "constructor", "refused"],
  ["", "", "refused"],
])("a report of %s and %s is shown as “%s”", (error, code, name) => {
  expect(noticeOfReport(error, code)).toBe(name);
});

it.each([
  ["error=access_denied&error_code=otp_expired&error_description=Buy+here", "expired"],
  ["error=server_error", "unanswered"],
  ["access_token=x&refresh_token=y&type=signup", "confirmed"],
  ["access_token=x&type=recovery", "no-sign-in"],
  ["access_token=x&type=invite", "no-sign-in"],
  ["access_token=x&type=magiclink", "no-sign-in"],
  ["access_token=x&type=toString", "confirmed"],
  ["access_token=x", "confirmed"],
  ["message=Confirmation+link+accepted.+Please+proceed+to+confirm+link&sb=", "email-half-changed"],
  ["type=recovery", null],
  ["", null],
  ["section", null],
])("behind the #, “%s” is %s", (fragment, name) => {
  expect(noticeOfFragment(fragment)).toBe(name);
});

it("what follows a sign-up is true of an address that has an account, and gets no link", () => {
  const { fact, advice } = NOTICES.sent;
  expect(`${fact} ${advice}`).not.toMatch(/\b(was|were|have|we've) (just )?sent\b/i);
  expect(fact).toContain("A new address gets a link");
});

it("an address names one of the list, or none", () => {
  for (const name of Object.keys(NOTICES)) expect(readNotice(name)).toBe(name);
  for (const name of ["", "toString", "__proto__", "Buy here", ["expired"], undefined, null, 7]) {
    expect(readNotice(name)).toBeNull();
  }
});

const HASH = "a1".repeat(28);

it("a link has one of the known types, and a hash", () => {
  for (const type of Object.keys(LINKS)) {
    expect(readLink({ type, token_hash: HASH })).toEqual({ type, tokenHash: HASH });
    expect(readLink({ type, token_hash: `pkce_${HASH}` })).toEqual({ type, tokenHash: `pkce_${HASH}` });
  }
  for (const type of ["sms", "reauthentication", "toString", "__proto__", "", ["signup"], undefined]) {
    expect(readLink({ type, token_hash: HASH })).toBeNull();
    expect(choosesPassword(type)).toBe(false);
  }
  for (const token_hash of ["", "junk", HASH.toUpperCase(), `${HASH}&x`, "a".repeat(39), [HASH], undefined]) {
    expect(readLink({ type: "signup", token_hash })).toBeNull();
  }
});

it("nobody with a link to a new password is sent to sign up", () => {
  const names = Object.keys(NOTICES).map((name) => ofReset(name as keyof typeof NOTICES));
  expect(names).not.toContain("expired");
  expect(names).not.toContain("invalid");
  expect(ofReset("unanswered")).toBe("unanswered");
});
