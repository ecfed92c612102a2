import { describe, expect, it, vi } from "vitest";
import type { AuthAnswer } from "../../support/auth-standin.ts";
import {
  ENDING,
  EXPIRED,
  gotrue,
  ID,
  NAME,
  RENEWED,
  renewals,
  renewWith,
  UNKNOWN,
  visit,
} from "./sessions.ts";

describe("a session that has to be renewed", () => {
  it("is, and the reply sets the new one", async () => {
    renewWith(RENEWED);
    const { who, set } = visit(EXPIRED);
    expect(await who()).toMatchObject({ id: ID, email: "new@vault.test" });
    expect(set.map(({ name }) => name)).toEqual([NAME]);
    expect(set[0]?.value).toMatch(/^base64-/);
    expect(renewals()).toHaveLength(1);
  });

  it.each(UNKNOWN)("stays as it is where the answer is %s, after one quick second try", async (_, answer) => {
    renewWith(answer);
    const { who, set, session } = visit(EXPIRED);
    const isTooOften = Object(answer).status === 429;
    await expect(who()).rejects.toMatchObject(
      isTooOften ? { code: "too_many_requests", status: 429 } : { code: "auth_unavailable", status: 503 },
    );
    expect(set).toEqual([]);
    expect(session.renewalFailure()).toBeDefined();
    expect(renewals()).toHaveLength(2);
  });

  it.each(UNKNOWN)("is renewed where only the first answer is %s", async (_, answer) => {
    renewWith(answer, RENEWED);
    const { who, set } = visit(EXPIRED);
    expect(await who()).toMatchObject({ email: "new@vault.test" });
    expect(set).toHaveLength(1);
  });

  it.each(UNKNOWN)("is still good for its last minute where the answer is %s", async (_, answer) => {
    renewWith(answer);
    const { who, set } = visit(ENDING);
    expect(await who()).toMatchObject({ email: "old@vault.test" });
    expect(set).toEqual([]);
  });

  it.each([
    ["unknown", gotrue(400, "refresh_token_not_found")],
    ["used", gotrue(400, "refresh_token_already_used")],
    ["of a session that is gone", gotrue(403, "session_not_found")],
    ["of a session that has ended", gotrue(400, "session_expired")],
    ["of an account that is gone", gotrue(404, "user_not_found")],
    ["of an account that is blocked", gotrue(403, "user_banned")],
    ["used, as the embedded server says it", gotrue(401, "session_not_found")],
    ["unknown, as older servers say it", { status: 400, body: { code: 400, msg: "Invalid Refresh Token" } }],
    [
      "unknown, as OAuth says it",
      { status: 400, body: { error: "invalid_grant", error_description: "No." } },
    ],
    [
      "unknown, in the first API's words",
      { status: 400, body: { error_code: "refresh_token_not_found", msg: "No." } },
    ],
  ] as [string, AuthAnswer][])(
    "is gone where the auth server calls its refresh token %s",
    async (_, answer) => {
      renewWith(answer);
      const { who, set } = visit(EXPIRED);
      expect(await who()).toBeNull();
      expect(set).toMatchObject([{ name: NAME, value: "", options: { maxAge: 0 } }]);
      expect(renewals()).toHaveLength(1);
    },
  );

  it("is not renewed again where that has just failed, but good for its last minute", async () => {
    renewWith(RENEWED);
    const expired = visit(EXPIRED, { isRenewalUnknown: true });
    await expect(expired.who()).rejects.toMatchObject({ code: "auth_unavailable" });
    const ending = visit(ENDING, { isRenewalUnknown: true });
    expect(await ending.who()).toMatchObject({ email: "old@vault.test" });
    expect(renewals()).toEqual([]);
    expect([...expired.set, ...ending.set]).toEqual([]);
  });

  it("is given up within 8 seconds where nobody answers", async () => {
    const timeouts = vi.spyOn(AbortSignal, "timeout").mockImplementation(() => AbortSignal.abort("late"));
    renewWith("silent");
    await expect(visit(EXPIRED).who()).rejects.toMatchObject({ code: "auth_unavailable" });
    expect(timeouts.mock.calls.map(([ms]) => ms).filter((ms) => ms > 8_000)).toEqual([]);
    expect(timeouts).toHaveBeenCalledWith(7_500);
  });

  it("leaves no old chunk next to the new one", async () => {
    renewWith(RENEWED);
    const value = EXPIRED.slice(NAME.length + 1);
    const { who, set } = visit(`${NAME}.0=${value.slice(0, 50)}; ${NAME}.1=${value.slice(50)}`);
    expect(await who()).not.toBeNull();
    const left = new Map(set.map(({ name, value: content }) => [name, content !== ""]));
    expect(left).toEqual(
      new Map([
        [`${NAME}.0`, false],
        [`${NAME}.1`, false],
        [NAME, true],
      ]),
    );
  });
});
