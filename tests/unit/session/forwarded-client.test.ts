import { describe, expect, it } from "vitest";
import type { AuthAnswer } from "../../support/auth-standin.ts";
import { eventually } from "../../support/eventually.ts";
import {
  auth,
  EXPIRED,
  gotrue,
  isRenewal,
  PUBLISHABLE,
  RENEWED,
  renewals,
  renewWith,
  SECRET,
  token,
  user,
  visit,
} from "./sessions.ts";

describe("the client's browser", () => {
  it.each([
    ["Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"],
    ["Fire\u00e9fox\u0007/1", "Firefox/1"],
    ["x".repeat(1000), "x".repeat(256)],
  ])("is what the auth server hears of, for its list of sessions: %j", async (userAgent, sent) => {
    renewWith(RENEWED);
    await visit(EXPIRED, { userAgent }).who();
    expect(auth.requests.map(({ headers }) => headers["user-agent"])).toEqual([sent, sent]);
  });

  it.each([null, undefined, "", "\u00e9"])("that says nothing of itself (%j) is none", async (userAgent) => {
    renewWith(RENEWED);
    await visit(EXPIRED, { userAgent }).who();
    expect(auth.requests.map(({ headers }) => headers["user-agent"])).toEqual(["node", "node"]);
  });
});

describe("the client's address", () => {
  const at = (clientAddress: string | undefined, secretKey = SECRET) => ({ clientAddress, secretKey });
  const sent = () =>
    auth.requests.map(({ headers }) => [headers["sb-forwarded-for"], headers.apikey, headers.authorization]);

  it("goes to the auth server, with the secret key, as Supabase asks for it", async () => {
    renewWith(RENEWED);
    await visit(EXPIRED, at("192.0.2.10")).who();
    expect(sent()).toEqual([
      ["192.0.2.10", SECRET, `Bearer ${SECRET}`],
      // The person's own token stays what says who they are.
      ["192.0.2.10", SECRET, `Bearer ${token("new")}`],
    ]);
  });

  it.each([
    [
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36",
      "(X11; Linux x86_64) AppleWebKit (KHTML, like Gecko) Chrome Safari",
    ],
    ["mozilla/4.0 Mozilla / 5.0 (iPhone) Safari/604.1", "(iPhone) Safari"],
    ["Mozilla/5.0", "browser"],
    ["curl/8", "curl"],
  ])(
    "goes along with what isn't the mark of a browser, which the gateway refuses: %j",
    async (userAgent, said) => {
      renewWith(RENEWED);
      await visit(EXPIRED, { ...at("192.0.2.12"), userAgent }).who();
      expect(auth.requests.map(({ headers }) => headers["user-agent"])).toEqual([said, said]);
    },
  );

  it.each([
    ["unknown", at(undefined)],
    ["known, but the key is of the old kind", at("192.0.2.11", "eyJhbGciOiJIUzI1NiJ9.e30.x")],
  ])("and the secret key stay here where it is %s", async (_, server) => {
    renewWith(RENEWED);
    await visit(EXPIRED, server).who();
    expect(sent().map(([address, key]) => [address, key])).toEqual([
      [undefined, PUBLISHABLE],
      [undefined, PUBLISHABLE],
    ]);
  });

  const GONE = gotrue(400, "refresh_token_not_found");
  const tryOften = async (times: number, server: ReturnType<typeof at>) => {
    for (let turn = 0; turn < times; turn += 1)
      await visit(EXPIRED, server)
        .who()
        .catch(() => {});
  };

  it("limits what one client costs, in renewals and in sign-ins, and nobody else", async () => {
    renewWith(GONE);
    await tryOften(20, at("192.0.2.20"));
    expect(renewals()).toHaveLength(15);
    // Nothing is known of that session, so it stays.
    const refused = visit(EXPIRED, at("192.0.2.20"));
    await expect(refused.who()).rejects.toMatchObject({ code: "too_many_requests", retryAfter: 300 });
    expect(refused.set).toEqual([]);
    auth.answer = () => gotrue(400, "invalid_credentials");
    auth.requests.length = 0;
    const credentials = { email: "ann@vault.test", password: "not-the-password" };
    const signIn = (server: ReturnType<typeof at>) =>
      visit(null, server).session.auth.signInWithPassword(credentials);
    for (let turn = 0; turn < 15; turn += 1) {
      expect((await signIn(at("192.0.2.20"))).error).toMatchObject({ code: "invalid_credentials" });
    }
    expect((await signIn(at("192.0.2.20"))).error).toMatchObject({
      status: 429,
      code: "over_request_rate_limit",
    });
    expect(auth.requests).toHaveLength(15);
    expect((await signIn(at("192.0.2.21"))).error).toMatchObject({ code: "invalid_credentials" });
    expect(auth.requests).toHaveLength(16);
  });

  it("counts each kind of request by itself", async () => {
    renewWith(GONE);
    const server = at("192.0.2.40");
    auth.answer = () => gotrue(403, "otp_expired");
    for (let turn = 0; turn < 20; turn += 1) {
      await visit(null, server).session.auth.verifyOtp({ type: "email", token_hash: "0".repeat(40) });
    }
    expect(auth.requests).toHaveLength(15);
    renewWith(RENEWED);
    expect(await visit(EXPIRED, server).who()).not.toBeNull();
  });

  it("refuses nobody for those that come at the same time, however long the answers take", async () => {
    const waiting: (() => void)[] = [];
    auth.answer = ({ path }) => {
      if (!isRenewal(path)) return user("new");
      const { promise, resolve } = Promise.withResolvers<AuthAnswer>();
      waiting.push(() => resolve(RENEWED));
      return promise;
    };
    const server = at("192.0.2.50");
    const people = Array.from({ length: 40 }, () => visit(EXPIRED, server).who());
    for (let answered = 0; answered < people.length; answered += 1) {
      await eventually(() => expect(waiting.length).toBeGreaterThan(0));
      expect(waiting.length).toBeLessThanOrEqual(15);
      waiting.shift()?.();
    }
    for (const who of await Promise.all(people)) expect(who).toMatchObject({ email: "new@vault.test" });
  });

  it("counts a whole /64 as one client", async () => {
    renewWith(GONE);
    for (let host = 1; host <= 20; host += 1) await tryOften(1, at(`2001:db8:5:5::${host}`));
    expect(renewals()).toHaveLength(15);
    await tryOften(1, at("2001:db8:5:6::1"));
    expect(renewals()).toHaveLength(16);
  });

  it("counts parallel ones before they are answered", async () => {
    renewWith(GONE);
    const server = at("192.0.2.30");
    await Promise.allSettled(Array.from({ length: 40 }, () => visit(EXPIRED, server).who()));
    expect(renewals()).toHaveLength(15);
  });

  it.each([
    ["renewals that succeed", RENEWED],
    ["renewals that nobody answers", null],
    ["renewals that the server is too busy for", gotrue(429, "over_request_rate_limit")],
    ["renewals that meet others of the same session, a", gotrue(409, "conflict")],
    ["renewals that the server fails at", gotrue(503, "unexpected_failure")],
  ] as [string, AuthAnswer][])("does not count %s", async (what, answer) => {
    renewWith(answer);
    const server = at(`2001:db8:${what.length}::1`);
    await Promise.allSettled(Array.from({ length: 10 }, () => visit(EXPIRED, server).who()));
    await Promise.allSettled(Array.from({ length: 10 }, () => visit(EXPIRED, server).who()));
    renewWith(RENEWED);
    expect(await visit(EXPIRED, server).who()).not.toBeNull();
  });
});
