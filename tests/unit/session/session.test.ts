import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { authFetch } from "../../../lib/vault/session/auth-fetch.ts";
import {
  openSession,
  readSession,
  readUser,
  type SessionRequest,
} from "../../../lib/vault/session/session.ts";
import type { CookieChange } from "../../../lib/vault/session/storage.ts";
import { type AuthAnswer, startAuthStandIn } from "../../support/auth-standin.ts";
import { eventually } from "../../support/eventually.ts";

const ID = "0a000000-0000-4000-8000-00000000000a";
const NAME = "sb-127-auth-token";
const PUBLISHABLE = "sb_publishable_test-not-real";
const SECRET = "sb_secret_test-not-real";

let auth: Awaited<ReturnType<typeof startAuthStandIn>>;
let log: ReturnType<typeof vi.spyOn>[];
beforeAll(async () => {
  auth = await startAuthStandIn();
});
afterAll(() => auth.close());
beforeEach(() => {
  auth.requests.length = 0;
  log = (["log", "warn", "error", "info"] as const).map((level) =>
    vi.spyOn(console, level).mockReturnValue(),
  );
});
afterEach(() => {
  // Nobody's cookie makes a library fill the log.
  for (const spy of log) expect(spy.mock.calls).toEqual([]);
  vi.restoreAllMocks();
});

const seconds = () => Math.floor(Date.now() / 1000);
const token = (name: string) => `${name}.e30.sig`;
const sessionOf = (expires_at: number, name = "old") => ({
  access_token: token(name),
  refresh_token: `refresh-${name}-0123456789`,
  token_type: "bearer",
  expires_in: 3600,
  expires_at,
  user: { id: ID, email: "ann@vault.test" },
});
const cookieOf = (session: unknown) =>
  `${NAME}=base64-${Buffer.from(JSON.stringify(session)).toString("base64url")}`;
const EXPIRED = cookieOf(sessionOf(1));
/** Within the 90 seconds in which the library renews ahead. */
const ENDING = cookieOf(sessionOf(seconds() + 60));
const VALID = cookieOf(sessionOf(seconds() + 3_600));

/** One request of a browser with this cookie, and the cookies that its reply would set. */
function visit(cookieHeader: string | null, changes: Partial<SessionRequest> = {}) {
  const set: CookieChange[] = [];
  const session = openSession({
    url: auth.url,
    publishableKey: PUBLISHABLE,
    secretKey: SECRET,
    clientAddress: undefined,
    cookieOptions: { name: NAME, path: "/", httpOnly: true },
    cookieHeader,
    setCookies: (cookies) => set.push(...cookies),
    ...changes,
  });
  return { session, set, who: () => readUser(session) };
}

const isRenewal = (path: string) => path.includes("grant_type=refresh_token");
const renewals = () => auth.requests.filter(({ path }) => isRenewal(path));
const RENEWED = { status: 200, body: sessionOf(seconds() + 3_600, "new") };
const user = (name: string): AuthAnswer => ({
  status: 200,
  body: { id: ID.toUpperCase(), email: `${name}@vault.test` },
});

/** Answers renewals with these, one after the other, the last of them again and again; and says whose a token is. */
function renewWith(...answers: AuthAnswer[]): void {
  const left = [...answers];
  auth.answer = ({ path, headers }) => {
    if (!isRenewal(path)) return user(String(headers.authorization).includes("new.") ? "new" : "old");
    return (left.length > 1 ? left.shift() : left[0]) ?? null;
  };
}

const gotrue = (status: number, code: string): AuthAnswer => ({ status, body: { code, message: "No." } });
const UNKNOWN: [string, AuthAnswer][] = [
  ["too many requests", gotrue(429, "over_request_rate_limit")],
  ["a conflict", gotrue(409, "conflict")],
  ["a paused project", { status: 540, body: { message: "Project paused" } }],
  ["a wrong API key", { status: 401, body: { message: "Invalid API key", hint: "Double check it." } }],
  ["a fault of the server's own", gotrue(500, "unexpected_failure")],
  ["unavailable", { status: 503, body: "<html>Service unavailable</html>" }],
  ["a bad gateway", { status: 502, body: "" }],
  ["a time-out at a CDN", { status: 524, body: "<html>524</html>" }],
  ["a page of a firewall's", { status: 403, body: "<html>Forbidden</html>" }],
  ["a page that is not there", { status: 404, body: "<html>Not found</html>" }],
  [
    "a gateway without such a route",
    { status: 404, body: { message: "no Route matched with those values" } },
  ],
  ["a bad request to a proxy", { status: 400, body: "Bad Request" }],
  ["a login of a network's", { status: 200, body: "<html>Welcome to our wifi</html>" }],
  ["a success that is no session", { status: 200, body: { message: "ok" } }],
  ["a success that is null", { status: 200, body: null }],
  ["half a session", { status: 200, body: { access_token: token("new") } }],
  ["a redirect's page", { status: 300, body: "<html>Elsewhere</html>" }],
  ["a code of another kind", { status: 418, body: { code: 418, msg: "I'm a teapot" } }],
  ["a connection that closes", null],
];

describe("a session that is valid", () => {
  const claims = (text: string) => `e30.${Buffer.from(text).toString("base64url")}.sig`;
  const SESSION_ID = "0b000000-0000-4000-8000-00000000000b";
  const FACTOR = { id: ID, factor_type: "totp" };

  it.each([
    ["with its id", `{"session_id":"${SESSION_ID.toUpperCase()}"}`, SESSION_ID],
    ["without one", "{}", undefined],
    ["with another thing as its id", '{"session_id":7}', undefined],
    ["with claims that are null", "null", undefined],
    ["with claims that are no JSON", "{", undefined],
  ])("is the person's, %s", async (_, text, sessionId) => {
    const session = { ...sessionOf(seconds() + 3_600), access_token: claims(text) };
    auth.answer = () => user("ann");
    expect(await visit(cookieOf(session)).who()).toMatchObject({ id: ID, sessionId, hasSecondFactor: false });
  });

  it.each([
    ["confirmed", { email: "ann@vault.test", email_confirmed_at: "2026-03-05T12:00:00Z" }, true],
    ["not confirmed", { email: "ann@vault.test" }, false],
    ["null", { email: "ann@vault.test", email_confirmed_at: null }, false],
    ["a telephone number", { email: "ann@vault.test", confirmed_at: "2026-03-05T12:00:00Z" }, false],
    ["no address", { email_confirmed_at: "2026-03-05T12:00:00Z" }, false],
  ])("says whether the e-mail address is the person's: %s", async (_, sent, isEmailConfirmed) => {
    auth.answer = () => ({ status: 200, body: { id: ID, ...sent } });
    expect(await visit(VALID).who()).toMatchObject({ id: ID, isEmailConfirmed });
  });

  const TOKENS = { aal1: claims('{"aal":"aal1"}'), aal2: claims('{"aal":"aal2"}') };
  const visitWith = (access_token: string, factors: unknown) => {
    auth.answer = () => ({ status: 200, body: { id: ID, email: "ann@vault.test", factors } });
    return visit(cookieOf({ ...sessionOf(seconds() + 3_600), access_token }));
  };
  const verified = (factor_type: string) => ({ ...FACTOR, factor_type, status: "verified" });

  it.each([
    ["none", []],
    ["none, which is not said", undefined],
    ["none, as null", null],
    ["one that is not set up", [{ ...FACTOR, status: "unverified" }]],
    ["one in a state that we do not know", [{ ...FACTOR, status: "paused" }]],
  ])("needs no code with these second factors: %s", async (_, factors) => {
    const { who } = visitWith(TOKENS.aal1, factors);
    expect(await who()).toMatchObject({ id: ID, hasSecondFactor: false });
  });

  it.each([
    ["an app", [verified("totp")]],
    ["a phone", [verified("phone")]],
    ["a security key", [verified("webauthn")]],
    ["a kind that we do not know", [verified("new")]],
    ["one of several", [{ ...FACTOR, status: "unverified" }, verified("totp")]],
  ])("is nobody's with this second factor, until its code is given: %s", async (_, factors) => {
    const half = visitWith(TOKENS.aal1, factors);
    expect(await half.who()).toBeNull();
    expect(await readSession(half.session)).toMatchObject({
      user: { id: ID, email: "ann@vault.test", hasSecondFactor: true },
      isCodeMissing: true,
    });
    // The person stays half signed in.
    expect(half.set).toEqual([]);
    const { who } = visitWith(TOKENS.aal2, factors);
    expect(await who()).toMatchObject({ id: ID, hasSecondFactor: true });
  });

  it.each([
    "{}",
    "null",
    "[]",
    "{",
    '{"aal":null}',
    '{"aal":2}',
    '{"aal":"AAL2"}',
    '{"aal":"aal2 "}',
    '{"aal":["aal2"]}',
    '{"aal":{"aal2":true}}',
    '{"aal":"aal3"}',
    '{"amr":[{"method":"totp"}]}',
    '{"app_metadata":{"aal":"aal2"}}',
  ])("lacks the code with these claims: %s", async (text) => {
    expect(await visitWith(claims(text), [verified("totp")]).who()).toBeNull();
  });

  it.each([
    ["an object", {}],
    ["a text", "none"],
    ["a list of texts", ["totp"]],
    ["a factor without a status", [FACTOR]],
    ["a factor without an id", [{ factor_type: "totp", status: "verified" }]],
  ])("is not known to be anybody's where the second factors are %s", async (_, factors) => {
    await expect(visitWith(TOKENS.aal2, factors).who()).rejects.toMatchObject({ code: "auth_unavailable" });
  });

  it("says when a factor was set up, if that is a time", async () => {
    const dates = ["2026-03-05T10:00:00.123456Z", "2026-03-05T10:00:00+00:00", "yesterday", 7, null];
    const factors = dates.map((created_at) => ({ ...verified("totp"), created_at }));
    const state = await readSession(visitWith(TOKENS.aal2, factors).session);
    expect(state?.factors.map(({ created_at }) => created_at)).toEqual([
      ...dates.slice(0, 2),
      null,
      null,
      null,
    ]);
  });
});

describe("a code that is given", () => {
  const verify = async (answer: AuthAnswer) => {
    auth.answer = ({ path }) =>
      path.endsWith("/verify") ? answer : { status: 200, body: { id: ID, type: "totp", expires_at: 1 } };
    const { session, set } = visit(VALID);
    const { error } = await session.auth.mfa.challengeAndVerify({ factorId: ID, code: "123456" });
    return { error, set };
  };

  it("makes the session anew", async () => {
    const { error, set } = await verify({ status: 200, body: { ...sessionOf(0, "new"), expires_in: 3600 } });
    expect(error).toBeNull();
    expect(set.map(({ name }) => name)).toEqual([NAME]);
  });

  it.each(UNKNOWN)("leaves the session as it is where the answer is %s", async (_, answer) => {
    const { error, set } = await verify(answer);
    expect(error).not.toBeNull();
    expect(set).toEqual([]);
  });
});

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

describe("a sign-in by a link", () => {
  const CODE = "0a000000-0000-4000-8000-0000000000cc";
  const VERIFIER = `${NAME}-code-verifier`;
  const pending = `${VERIFIER}=base64-${Buffer.from(JSON.stringify("v".repeat(112))).toString("base64url")}`;

  it("forgets its verifier once it has succeeded", async () => {
    auth.answer = () => RENEWED;
    const { session, set } = visit(pending);
    expect((await session.auth.exchangeCodeForSession(CODE)).error).toBeNull();
    expect(set.filter(({ name, value }) => name === VERIFIER && value === "")).not.toEqual([]);
    expect(set.some(({ name, value }) => name === NAME && value !== "")).toBe(true);
  });

  it.each([
    ...UNKNOWN.filter(([name]) => name !== "half a session"),
    ["that there is no such link", gotrue(404, "flow_state_not_found")],
  ] as [string, AuthAnswer][])("keeps its verifier where the answer is %s", async (_, answer) => {
    auth.answer = () => answer;
    const { session, set } = visit(pending);
    expect((await session.auth.exchangeCodeForSession(CODE)).error).not.toBeNull();
    expect(set).toEqual([]);
  });

  it("is forgotten by somebody who gets in otherwise", async () => {
    auth.answer = () => RENEWED;
    const { session, set } = visit(null);
    await session.auth.signUp({ email: "ann@vault.test", password: "a-long-test-password" });
    const kept = new Map(set.map(({ name, value }) => [name, value !== ""]));
    expect([...kept].filter(([, isThere]) => isThere)).toEqual([[NAME, true]]);
  });
});

describe("whose it is", () => {
  it.each([
    ["of a token that is none", gotrue(403, "bad_jwt")],
    ["of a session that was signed out", gotrue(403, "session_not_found")],
    ["of an account that is gone", gotrue(403, "user_not_found")],
    ["without a token", gotrue(401, "no_authorization")],
  ] as [string, AuthAnswer][])("is nobody's by the auth server's own word: %s", async (_, answer) => {
    auth.answer = () => answer;
    expect(await visit(VALID).who()).toBeNull();
  });

  it.each([
    ...UNKNOWN.filter(([name]) => name !== "half a session"),
    ["somebody without an id", { status: 200, body: { email: "ann@vault.test" } }],
    ["somebody with an id that is none", { status: 200, body: { id: "ann" } }],
    ["a list", { status: 200, body: [] }],
  ] as [string, AuthAnswer][])("is unknown where the answer is %s", async (_, answer) => {
    auth.answer = () => answer;
    const { who, set } = visit(VALID);
    await expect(who()).rejects.toMatchObject({ code: "auth_unavailable" });
    expect(set).toEqual([]);
  });

  it.each([
    ["no cookie", null],
    ["a made-up one", `${NAME}=garbage`],
    ["one that is there twice", `${VALID}; ${VALID}`],
    ["one with a refresh token that cannot be one", cookieOf({ ...sessionOf(1), refresh_token: "x" })],
  ])("is nobody's with %s, and nobody is asked", async (_, cookie) => {
    auth.answer = () => user("old");
    expect(await visit(cookie).who()).toBeNull();
    expect(auth.requests).toEqual([]);
  });
});

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

describe("auth-js prints nothing of its own", () => {
  const credentials = { email: "ann@vault.test", password: "not-the-password" };

  // What it would have printed fails each test of this file.
  it.each(UNKNOWN)("where the answer is %s", async (_, answer) => {
    auth.answer = () => answer;
    for (const cookie of [null, VALID, EXPIRED, `${NAME}-code-verifier=base64-Im5vdC1yZWFsIg`]) {
      const { session, who } = visit(cookie);
      await who().catch(() => {});
      await session.auth.signInWithPassword(credentials).catch(() => {});
      await session.auth.signUp(credentials).catch(() => {});
      await session.auth.verifyOtp({ type: "email", token_hash: "0".repeat(40) }).catch(() => {});
      await session.auth.exchangeCodeForSession(ID).catch(() => {});
      await session.auth.updateUser({ password: "not-a-password" }).catch(() => {});
    }
    expect(auth.requests.length).toBeGreaterThan(5);
  });

  it("because it never sees a request fail, which some of its versions print with a stack", async () => {
    auth.answer = () => null;
    const server = { publishableKey: "x", secretKey: "x", clientAddress: undefined };
    for (const path of [
      "user",
      "signup",
      "token?grant_type=password",
      "token?grant_type=pkce",
      "token?grant_type=refresh_token",
    ]) {
      const { fetch } = authFetch(server);
      expect((await fetch(`${auth.url}/auth/v1/${path}`)).status).toBe(599);
    }
  });
});
