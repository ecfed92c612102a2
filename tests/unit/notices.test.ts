import { expect, it } from "vitest";
import { NOTICES, noticeOfFragment, noticeOfReport, readNotice } from "../../app/login/notices.ts";

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
  ["", null],
  ["section", null],
])("behind the #, “%s” is %s", (fragment, name) => {
  expect(noticeOfFragment(fragment)).toBe(name);
});

it("an address names one of the list, or none", () => {
  for (const name of Object.keys(NOTICES)) expect(readNotice(name)).toBe(name);
  for (const name of ["", "toString", "__proto__", "Buy here", ["expired"], undefined, null, 7]) {
    expect(readNotice(name)).toBeNull();
  }
});
