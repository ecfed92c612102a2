import { AuthApiError, AuthRetryableFetchError, AuthSessionMissingError } from "@supabase/supabase-js";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { explainAuthError } from "../../lib/auth/explain.ts";
import { logAnswer } from "../../lib/vault/http/respond.ts";
import { openSession } from "../../lib/vault/session/session.ts";
import { type AuthAnswer, startAuthStandIn } from "../support/auth-standin.ts";
import { TEST_PUBLISHABLE_KEY, TEST_SECRET_KEY } from "../support/keys.ts";

// What Supabase Auth's refusals mean for the person, and what the log says of those that only the operator can end.

const explained = (code: string | undefined, status = 400, message = "canary") =>
  explainAuthError(new AuthApiError(message, status, code));

/** The log's line about a problem, and its level. */
function logged(problem: ReturnType<typeof explainAuthError>) {
  const lines: unknown[] = [];
  const spies = (["error", "warn"] as const).map((level) =>
    vi.spyOn(console, level).mockImplementation((line) => void lines.push(line)),
  );
  logAnswer(problem);
  for (const spy of spies) spy.mockRestore();
  return lines.map((line) => JSON.parse(String(line)));
}

describe("a refusal that is about the person", () => {
  it.each([
    ["invalid_credentials", "invalid_credentials"],
    ["email_not_confirmed", "email_not_confirmed"],
    ["user_already_exists", "email_address_taken"],
    ["email_exists", "email_address_taken"],
    ["email_address_invalid", "email_address_refused"],
    ["validation_failed", "email_address_refused"],
    ["signup_disabled", "sign_up_disabled"],
    ["user_banned", "account_blocked"],
    ["same_password", "password_unchanged"],
    ["current_password_invalid", "wrong_password"],
    ["current_password_required", "wrong_password"],
    ["reauthentication_needed", "sign_in_again"],
    ["reauthentication_not_valid", "sign_in_again"],
    ["mfa_verification_failed", "wrong_code"],
    ["mfa_verification_rejected", "too_many_attempts"],
    ["mfa_verified_factor_exists", "second_factor_exists"],
    ["mfa_totp_enroll_not_enabled", "second_factor_disabled"],
    // A hook's, which has no code of its own.
    ["unknown", "refused_by_rule"],
    ["session_not_found", "unauthenticated"],
    ["session_expired", "unauthenticated"],
    ["user_not_found", "unauthenticated"],
    ["insufficient_aal", "unauthenticated"],
  ])("%s is answered with %s, and is no failure of the server", (code, own) => {
    const problem = explained(code);
    expect(problem).toMatchObject({ code: own });
    expect(problem.status).toBeLessThan(500);
    for (const line of logged(problem)) expect(line.level).toBe("warning");
  });

  it("is the same where the session is gone before anybody is asked", () => {
    expect(explainAuthError(new AuthSessionMissingError())).toMatchObject({ code: "unauthenticated" });
  });

  it.each([
    ["a rate limit", explained("over_request_rate_limit", 429), "too_many_attempts", undefined],
    ["a gateway's", explained(undefined, 429), "too_many_attempts", undefined],
    [
      "our own",
      explained("over_request_rate_limit", 429, "You can only request this after 300 seconds."),
      "too_many_attempts",
      300,
    ],
    [
      "an e-mail that was just sent",
      explained(
        "over_email_send_rate_limit",
        429,
        "For security purposes, you can only request this after 47 seconds.",
      ),
      "too_many_emails",
      47,
    ],
  ])("is 429 and no failure of the server where it is %s", (_, problem, code, retryAfter) => {
    expect(problem).toMatchObject({ code, status: 429 });
    expect(problem.retryAfter).toBe(retryAfter);
    for (const line of logged(problem)) expect(line).toMatchObject({ level: "warning", code });
  });
});

describe("a refusal that only the operator can end", () => {
  it.each([
    ["captcha_failed", 400, "auth_misconfigured", /CAPTCHA/, /IP address forwarding/],
    [
      "email_provider_disabled",
      422,
      "auth_misconfigured",
      /Contact the operator/,
      /Turn on the Email provider/,
    ],
    ["provider_disabled", 400, "auth_misconfigured", /Contact the operator/, /Turn on the Email provider/],
    ["hook_timeout", 422, "auth_misconfigured", /Contact the operator/, /Auth hook/],
    ["hook_timeout_after_retry", 422, "auth_misconfigured", /Contact the operator/, /Auth hook/],
    ["hook_payload_over_size_limit", 422, "auth_misconfigured", /Contact the operator/, /Auth hook/],
    ["hook_payload_invalid_content_type", 400, "auth_misconfigured", /Contact the operator/, /Auth hook/],
    [
      "email_address_not_authorized",
      400,
      "email_not_sent",
      /can't send e-mail to this address/,
      /own SMTP server/,
    ],
    // Without a time in it, it is the project's limit.
    ["over_email_send_rate_limit", 429, "email_limit_reached", /in an hour/, /own SMTP server/],
  ])("says so, and leaves a line with the remedy: %s", (code, status, own, sentence, hint) => {
    const problem = explained(code, status);
    expect(problem).toMatchObject({ code: own, status: 503, message: expect.stringMatching(sentence) });
    const line = { level: "error", code: own, cause: "AuthApiError", cause_code: code, cause_status: status };
    expect(logged(problem)).toEqual([
      expect.objectContaining({ ...line, hint: expect.stringMatching(hint) }),
    ]);
    expect(JSON.stringify(logged(problem))).not.toContain("canary");
  });

  it.each([
    [401, /doesn't accept an API key/],
    [402, /quota/],
    [540, /paused/],
  ])("is told by the gateway's status alone: %i", (status, hint) => {
    const problem = explained(undefined, status);
    expect(problem).toMatchObject({ code: "auth_misconfigured", status: 503 });
    const line = { level: "error", cause_code: status, hint: expect.stringMatching(hint) };
    expect(logged(problem)).toEqual([expect.objectContaining(line)]);
  });

  it.each([
    ["Error sending confirmation email", "email_not_sent", "email_not_sent", /SMTP/],
    ["Error sending recovery email", "email_not_sent", "email_not_sent", /SMTP/],
    ["Error sending email change email", "email_not_sent", "email_not_sent", /SMTP/],
    ["Unexpected status code returned from hook: 500", "auth_misconfigured", "hook_failed", /Auth hook/],
    ["Service currently unavailable due to hook", "auth_misconfigured", "hook_failed", /Auth hook/],
    ["Database error saving new user", "auth_unavailable", "database_error", /trigger on auth.users/],
  ])("is told by Auth's own words where auth-js drops the code: %s", (message, code, cause_code, hint) => {
    const problem = explainAuthError(new AuthRetryableFetchError(message, 500));
    expect(problem).toMatchObject({ code, status: 503 });
    expect(logged(problem)).toEqual([
      expect.objectContaining({ level: "error", cause_code, hint: expect.stringMatching(hint) }),
    ]);
  });
});

it.each([
  ["unexpected_failure", 500],
  ["unknown", 500],
  ["request_timeout", 504],
  ["conflict", 409],
  ["mfa_ip_address_mismatch", 422],
  ["mfa_challenge_expired", 422],
  ["a_code_of_tomorrow", 400],
  ["constructor", 400],
  [undefined, 502],
])("%s passes by itself, or is not known, so trying again is the advice", (code, status) => {
  const problem = explained(code, status);
  expect(problem).toMatchObject({ code: "auth_unavailable", message: expect.stringContaining("Try again") });
  expect(logged(problem)).toMatchObject([{ level: "error", cause_code: code ?? status }]);
  expect(logged(problem)[0]).not.toHaveProperty("hint");
});

describe("a weak password", () => {
  const LETTERS = "abcdefghijklmnopqrstuvwxyz";
  const LONG = "Password should be at least 12 characters.";
  const each = (...sets: string[]) =>
    `Password should contain at least one character of each: ${sets.join(", ")}.`;

  it.each([
    [["length"], LONG, "The password is too short. Use at least 12 characters."],
    [
      ["characters"],
      each(LETTERS + LETTERS.toUpperCase(), "0123456789"),
      "The password is too weak. Use at least one letter and one digit.",
    ],
    [
      ["characters"],
      each(LETTERS, LETTERS.toUpperCase(), "0123456789", "!@#$%^&*()_+-=[]{};'\\:\"|<>?,./`~"),
      "The password is too weak. Use at least one lowercase letter, one uppercase letter, one digit, and one symbol.",
    ],
    [
      ["length", "characters"],
      `${LONG} ${each("0123456789")}`,
      "The password is too short. Use at least 12 characters, and at least one digit.",
    ],
    [
      ["characters"],
      each("äöü"),
      "The password is too weak. Use a longer one, with more kinds of characters.",
    ],
    [[], "canary", "The password is too weak. Use a longer one, with more kinds of characters."],
    [undefined, LONG, "The password is too short. Use at least 12 characters."],
  ])("is told by its reasons: %j", (reasons, message, sentence) => {
    const error = Object.assign(new AuthApiError(message, 422, "weak_password"), { reasons });
    expect(explainAuthError(error)).toMatchObject({ code: "password_too_weak", message: sentence });
  });

  it("that leaked is called easy to guess", () => {
    const error = new AuthApiError("Password is known to be weak", 422, "weak_password");
    expect(explainAuthError(Object.assign(error, { reasons: ["pwned"] }))).toMatchObject({
      code: "password_common",
    });
  });
});

describe("as Supabase's client passes it on", () => {
  let auth: Awaited<ReturnType<typeof startAuthStandIn>>;
  beforeAll(async () => {
    auth = await startAuthStandIn();
  });
  afterAll(() => auth.close());

  async function signUp(answer: AuthAnswer) {
    auth.answer = () => answer;
    const session = openSession({
      url: auth.url,
      publishableKey: TEST_PUBLISHABLE_KEY,
      secretKey: TEST_SECRET_KEY,
      clientAddress: undefined,
      cookieOptions: { name: "session" },
      cookieHeader: null,
      setCookies: () => {},
    });
    const { error } = await session.auth.signUp({ email: "ann@vault.test", password: "not-a-real-password" });
    if (!error) throw new Error("There was no refusal.");
    return explainAuthError(error);
  }
  const gotrue = (status: number, code: string, message: string, more = {}): AuthAnswer => ({
    status,
    body: { code, message, ...more },
  });

  it.each([
    [
      "an SMTP failure",
      gotrue(500, "unexpected_failure", "Error sending confirmation email"),
      "email_not_sent",
    ],
    [
      "a CAPTCHA",
      gotrue(400, "captcha_failed", "captcha protection: request disallowed"),
      "auth_misconfigured",
    ],
    [
      "a wrong key",
      { status: 401, body: { message: "Invalid API key", hint: "Check it." } },
      "auth_misconfigured",
    ],
    ["a paused project", { status: 540, body: { message: "Project paused" } }, "auth_misconfigured"],
    ["a closed port", null, "auth_unavailable"],
    [
      "a leaked password",
      gotrue(422, "weak_password", "Password is known to be weak", { weak_password: { reasons: ["pwned"] } }),
      "password_common",
    ],
  ] as [string, AuthAnswer, string][])("it says the same: %s", async (_, answer, code) => {
    expect(await signUp(answer)).toMatchObject({ code });
  });

  it("the log has Node's code where nothing could be reached", async () => {
    expect(logged(await signUp(null))).toMatchObject([
      { code: "auth_unavailable", cause_code: expect.stringMatching(/^[A-Z_]+$/) },
    ]);
  });
});
