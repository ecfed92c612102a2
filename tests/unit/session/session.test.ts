import { describe, expect, it } from "vitest";
import { authFetch } from "../../../lib/vault/session/auth-fetch.ts";
import { readSession } from "../../../lib/vault/session/session.ts";
import type { AuthAnswer } from "../../support/auth-standin.ts";
import {
  auth,
  cookieOf,
  EXPIRED,
  gotrue,
  ID,
  NAME,
  RENEWED,
  seconds,
  sessionOf,
  UNKNOWN,
  user,
  VALID,
  visit,
} from "./sessions.ts";

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
