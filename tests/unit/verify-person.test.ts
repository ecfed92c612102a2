import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { verifyPerson } from "../../lib/auth/verify-person.ts";
import type { SessionUser } from "../../lib/vault/session/session.ts";
import { type AuthAnswer, type AuthRequest, startAuthStandIn } from "../support/auth-standin.ts";
import { TEST_PUBLISHABLE_KEY, TEST_SECRET_KEY } from "../support/keys.ts";

// What an auth server says of a password on a bad day. That the embedded one is asked, and what then may leave the
// server, is in tests/e2e/api/confirmation.spec.ts.

const afterwards: (() => Promise<void>)[] = [];
vi.mock("next/server", () => ({ after: (work: () => Promise<void>) => afterwards.push(work) }));
const server = vi.hoisted(() => ({ url: "" }));
vi.mock("../../lib/supabase/server.ts", () => ({
  authServer: async () => ({
    ...{ url: server.url, publishableKey: TEST_PUBLISHABLE_KEY, secretKey: TEST_SECRET_KEY },
    clientAddress: undefined,
  }),
  // Nobody's: a code would be asked for in vain.
  sessionClient: async () => ({
    auth: { getSession: async () => ({ data: { session: null } }) },
    renewalFailure: () => undefined,
  }),
}));

const PASSWORD = "a-long-test-password";
let standIn: Awaited<ReturnType<typeof startAuthStandIn>>;
let log: ReturnType<typeof vi.spyOn>;
let user: SessionUser;
let people = 0;

const session = (id: string): AuthAnswer => ({
  status: 200,
  body: {
    access_token: "a.b.c",
    refresh_token: "r".repeat(12),
    expires_in: 3600,
    token_type: "bearer",
    user: { id },
  },
});
const refusal = (status: number, code: string): AuthAnswer => ({
  status,
  body: { code: status, error_code: code, msg: "Not real." },
});

beforeAll(async () => {
  standIn = await startAuthStandIn();
  server.url = standIn.url;
  vi.stubEnv("NEXT_PUBLIC_SUPABASE_URL", standIn.url);
  vi.stubEnv("NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY", TEST_PUBLISHABLE_KEY);
  vi.stubEnv("SUPABASE_SECRET_KEY", TEST_SECRET_KEY);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await standIn.close();
});
beforeEach(() => {
  standIn.requests.length = 0;
  people += 1;
  const id = `0a000000-0000-4000-8000-${String(people).padStart(12, "0")}`;
  user = {
    id,
    email: "ann@vault.test",
    isEmailConfirmed: true,
    sessionId: id,
    hasSecondFactor: false,
  };
  log = vi.spyOn(console, "error").mockImplementation(() => {});
  afterwards.length = 0;
});
afterEach(() => log.mockRestore());

const verify = (who = user) => verifyPerson(who, { password: PASSWORD });
const isGrant = ({ path }: AuthRequest) => path.includes("/token?grant_type=password");
const answering = (toPassword: () => AuthAnswer, toLogout: AuthAnswer = { status: 204, body: "" }) => {
  standIn.answer = (request) => (isGrant(request) ? toPassword() : toLogout);
};
const finish = () => Promise.all(afterwards.map((work) => work()));

describe("a password", () => {
  it("is asked for the address of the session, and the session that this begins is ended by itself", async () => {
    answering(() => session(user.id));
    await verify();
    await finish();
    const [grant, logout] = standIn.requests;
    expect(JSON.parse(grant?.body ?? "")).toMatchObject({ email: user.email, password: PASSWORD });
    expect(logout?.path).toBe("/auth/v1/logout?scope=local");
    expect(logout?.headers.authorization).toBe("Bearer a.b.c");
    expect(standIn.requests).toHaveLength(2);
    expect(log).not.toHaveBeenCalled();
  });

  it("is right even where that session cannot be ended, and the operator reads of it", async () => {
    answering(() => session(user.id), { status: 500, body: "Out of order" });
    await verify();
    await finish();
    expect(log).toHaveBeenCalledTimes(1);
    expect(String(log.mock.calls[0])).toMatch(/"code":"auth_unavailable".*"SignOutUnconfirmed"/);
    expect(String(log.mock.calls[0])).not.toContain(PASSWORD);
  });

  it.each([
    ["wrong", () => refusal(400, "invalid_credentials"), "wrong_password", 403],
    ["somebody else's", () => session("0b000000-0000-4000-8000-00000000000b"), "wrong_password", 403],
    ["of a blocked account", () => refusal(403, "user_banned"), "account_blocked", 403],
    ["too much for the auth server", () => refusal(429, "over_request_rate_limit"), "too_many_attempts", 429],
    [
      "met by an outage",
      () => ({ status: 503, body: "Out of order" }) as AuthAnswer,
      "auth_unavailable",
      503,
    ],
    ["met by something else", () => ({ status: 200, body: "<html>" }) as AuthAnswer, "auth_unavailable", 503],
    ["met by no session", () => ({ status: 200, body: {} }) as AuthAnswer, "auth_unavailable", 503],
    ["met by a broken connection", () => null, "auth_unavailable", 503],
  ])("that is %s confirms nobody", async (_, answer, code, status) => {
    answering(answer);
    await expect(verify()).rejects.toMatchObject({ code, status });
  });

  it("that the auth server says nothing of costs no try", async () => {
    answering(() => refusal(429, "over_request_rate_limit"));
    for (let tries = 0; tries < 7; tries++) await verify().catch(() => {});
    answering(() => session(user.id));
    await verify();
  });

  it("alone does not confirm who has a second factor", async () => {
    answering(() => session(user.id));
    const withFactor = { ...user, hasSecondFactor: true };
    await expect(verify(withFactor)).rejects.toMatchObject({ code: "unauthenticated" });
  });
});
