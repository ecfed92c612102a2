import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { hasApp, verifyCode } from "../../lib/auth/code.ts";
import { openSession } from "../../lib/vault/session/session.ts";
import { type AuthAnswer, startAuthStandIn } from "../support/auth-standin.ts";

const address = vi.hoisted(() => ({ current: undefined as string | undefined }));
// Next's headers are there in a request only.
vi.mock("../../lib/supabase/server.ts", () => ({
  authServer: async () => ({ clientAddress: address.current }),
}));

let auth: Awaited<ReturnType<typeof startAuthStandIn>>;
beforeAll(async () => {
  auth = await startAuthStandIn();
});
afterAll(() => auth.close());
beforeEach(() => {
  auth.requests.length = 0;
  address.current = undefined;
});

const factor = (factor_type = "totp", status = "verified") => ({ id: randomUUID(), factor_type, status });
const refusal = (status: number, code: string): AuthAnswer => ({ status, body: { code, message: "No." } });
const WRONG = refusal(422, "mfa_verification_failed");

/** Somebody with these factors, and an auth server that answers their codes with these, one after the other. */
function person(factors = [factor()], ...answers: AuthAnswer[]) {
  const id = randomUUID();
  const access_token = "e30.e30.sig";
  const session = {
    ...{ access_token, refresh_token: "refresh-0123456789", token_type: "bearer" },
    ...{ expires_in: 3600, expires_at: Math.floor(Date.now() / 1000) + 3600, user: { id } },
  };
  const left = [...answers];
  auth.answer = ({ path }) => {
    if (path.endsWith("/user")) return { status: 200, body: { id, email: "ann@vault.test", factors } };
    if (path.endsWith("/challenge"))
      return { status: 200, body: { id: randomUUID(), type: "totp", expires_at: 1 } };
    return left.length > 0 ? (left.shift() ?? null) : { status: 200, body: session };
  };
  return (code: string) =>
    verifyCode(
      openSession({
        ...{ url: auth.url, publishableKey: "sb_publishable_x", secretKey: "sb_secret_x" },
        ...{ clientAddress: undefined, cookieOptions: { name: "sb-127-auth-token" }, setCookies: () => {} },
        cookieHeader: `sb-127-auth-token=base64-${Buffer.from(JSON.stringify(session)).toString("base64url")}`,
      }),
      code,
    );
}

const asked = (kind: string) =>
  auth.requests.flatMap(({ path }) => {
    const [, id, what] = /factors\/([^/]+)\/(\w+)$/.exec(path) ?? [];
    return what === kind ? [id] : [];
  });

describe("a code", () => {
  it.each(["123456", "123 456", " 123456\n", "1 2 3 4 5 6", "123 456"])(
    "is taken as it was typed: %j",
    async (text) => {
      await person()(text);
      expect(JSON.parse(auth.requests.at(-1)?.body ?? "")).toMatchObject({ code: "123456" });
    },
  );

  it("is tried on each of the person's apps, and on nothing else", async () => {
    const [one, two] = [factor(), factor()];
    await person([factor("totp", "unverified"), one, factor("phone"), two], WRONG)("123456");
    expect(asked("verify")).toEqual([one.id, two.id]);
  });

  it("is wrong once all of the apps say so, and can be right in the next minute", async () => {
    const give = person([factor(), factor()], WRONG, WRONG);
    await expect(give("123456")).rejects.toMatchObject({ code: "wrong_code" });
    await give("123456");
  });

  it.each(["mfa_challenge_expired", "mfa_ip_address_mismatch"])(
    "is tried again, once, where the challenge is void: %s",
    async (code) => {
      const give = person([factor()], refusal(422, code));
      await give("123456");
      expect(asked("challenge")).toHaveLength(2);
      const never = person([factor()], ...Array.from({ length: 5 }, () => refusal(422, code)));
      auth.requests.length = 0;
      await expect(never("123456")).rejects.toMatchObject({ code: "auth_unavailable" });
      expect(asked("challenge")).toHaveLength(2);
    },
  );

  it.each<[string, string, AuthAnswer]>([
    ["unauthenticated", "the session is over", refusal(403, "session_not_found")],
    ["unauthenticated", "the token is not good", refusal(403, "bad_jwt")],
    ["too_many_attempts", "the auth server has had enough", refusal(429, "over_request_rate_limit")],
    ["too_many_attempts", "a hook of the project refuses", refusal(403, "mfa_verification_rejected")],
    ["second_factor_disabled", "codes are switched off", refusal(422, "mfa_totp_verify_not_enabled")],
    ["second_factor_not_found", "the app was removed", refusal(404, "mfa_factor_not_found")],
    ["auth_unavailable", "something is wrong", refusal(500, "unexpected_failure")],
    ["auth_unavailable", "something in between answers", { status: 200, body: "<html>Welcome</html>" }],
    ["auth_unavailable", "a success holds no session", { status: 200, body: { message: "ok" } }],
    ["auth_unavailable", "the connection closes", null],
  ])("is answered with %s where %s, and is not used up", async (code, _, answer) => {
    const give = person([factor()], answer);
    await expect(give("123456")).rejects.toMatchObject({ code });
    await give("123456");
  });

  it("of nobody, or without an app to ask, is not tried", async () => {
    await expect(person([])("123456")).rejects.toMatchObject({ code: "second_factor_not_found" });
    await expect(person([factor("phone")])("123456")).rejects.toMatchObject({
      code: "second_factor_not_found",
    });
    expect(asked("challenge")).toEqual([]);
    expect([factor("totp", "unverified"), factor("phone")].map((one) => hasApp([one as never]))).toEqual([
      false,
      false,
    ]);
  });
});

describe("wrong codes", () => {
  const fail = async (give: (code: string) => Promise<void>, times: number) => {
    for (let tried = 0; tried < times; tried++) {
      await expect(give("000000")).rejects.toMatchObject({ code: "wrong_code" });
    }
  };
  const wrong = (count: number) => person([factor()], ...Array.from({ length: count }, () => WRONG));

  it("are five of one person, wherever they come from, and nobody else's", async () => {
    const give = wrong(5);
    for (const client of ["192.0.2.1", "192.0.2.2", undefined, "2001:db8::1", "192.0.2.3"]) {
      address.current = client;
      await fail(give, 1);
    }
    await expect(give("123456")).rejects.toMatchObject({ code: "too_many_attempts", status: 429 });
    await person()("123456");
  });

  it("are fifteen of one network, whoever they are of", async () => {
    address.current = "198.51.100.7";
    for (let people = 0; people < 5; people++) await fail(wrong(3), 3);
    await expect(person()("123456")).rejects.toMatchObject({ code: "too_many_attempts" });
    address.current = "198.51.100.8";
    await person()("123456");
  });
});
