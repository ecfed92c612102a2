import { AuthApiError, createClient } from "@supabase/supabase-js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { limitPasswordTries } from "../../scripts/embedded/password-tries.ts";
import { type Embedded, startEmbedded } from "../../scripts/embedded/server.ts";
import { KEYS, NOTES, optionsWithCluster, temporaryFolder } from "./support.ts";

const URL_OF_GRANT = "http://localhost/auth/v1/token?grant_type=password";

const signIn = (email: unknown, url = URL_OF_GRANT) =>
  new Request(url, { method: "POST", body: JSON.stringify({ email, password: "x" }) });

/** An auth server that knows one person, after the password has been compared. */
const server = (wrong = () => new Response("wrong", { status: 400 })) => {
  const asked: string[] = [];
  const handle = async (request: Request) => {
    const { email } = await request.json();
    asked.push(email);
    return email === "ann@example.com" ? new Response("right") : wrong();
  };
  return { asked, handle };
};

const quick = { failureMs: 0, windowMs: 60_000 };

test("failed tries for one address end at a limit, and other addresses go on", async () => {
  const { asked, handle } = server();
  const answer = limitPasswordTries(handle, { ...quick, perEmail: 3, overall: 100 });
  const statuses = [];
  for (let i = 0; i < 5; i++) statuses.push((await answer(signIn("bob@example.com"))).status);
  statuses.push((await answer(signIn("BOB@example.com"))).status);
  expect(statuses).toEqual([400, 400, 400, 429, 429, 429]);
  expect(asked).toHaveLength(3);
  expect((await answer(signIn("eve@example.com"))).status).toBe(400);
});

test("so do tries for ever new addresses, and those that are made at once", async () => {
  const { asked, handle } = server();
  const answer = limitPasswordTries(handle, { ...quick, perEmail: 3, overall: 10 });
  const replies = await Promise.all(Array.from({ length: 40 }, (_, i) => answer(signIn(`${i}@example.com`))));
  expect(replies.filter(({ status }) => status === 429)).toHaveLength(30);
  expect(asked).toHaveLength(10);
  const same = limitPasswordTries(handle, { ...quick, perEmail: 3, overall: 100 });
  const all = await Promise.all(Array.from({ length: 40 }, () => same(signIn("bob@example.com"))));
  expect(all.filter(({ status }) => status === 400)).toHaveLength(3);
});

test("right passwords are not counted, nor other requests, nor what is the server's fault", async () => {
  const { handle } = server(() => new Response("broken", { status: 500 }));
  const answer = limitPasswordTries(handle, { ...quick, perEmail: 2, overall: 3 });
  for (let i = 0; i < 10; i++) {
    expect((await answer(signIn("ann@example.com"))).status).toBe(200);
    expect((await answer(signIn("bob@example.com"))).status).toBe(500);
    const other = "http://localhost/auth/v1/token?grant_type=refresh_token";
    expect((await answer(signIn("bob@example.com", other))).status).toBe(500);
  }
});

test("a limit is over after its time, and says when", async () => {
  const { handle } = server();
  const answer = limitPasswordTries(handle, { failureMs: 0, windowMs: 50, perEmail: 1 });
  expect((await answer(signIn("bob@example.com"))).status).toBe(400);
  await expect.poll(async () => (await answer(signIn("bob@example.com"))).status).toBe(400);
});

test("bodies that are no sign-in count as one address", async () => {
  const answer = limitPasswordTries(async () => new Response("bad", { status: 400 }), {
    ...quick,
    perEmail: 4,
  });
  const grant = (body: string) => new Request(URL_OF_GRANT, { method: "POST", body });
  const statuses = [];
  for (const body of ["", "{", "null", '{"email":7}', "[]"])
    statuses.push((await answer(grant(body))).status);
  expect(statuses).toEqual([400, 400, 400, 400, 429]);
});

const base = temporaryFolder();
let embedded: Embedded;

beforeAll(async () => {
  embedded = await startEmbedded(await optionsWithCluster(base.path, { "20260305_notes.sql": NOTES }));
}, 120_000);

afterAll(async () => {
  await embedded.close();
  base.remove();
});

const { publishableKey } = KEYS;
const auth = () =>
  createClient(embedded.url, publishableKey, { auth: { persistSession: false, autoRefreshToken: false } })
    .auth;

test("the time of a refusal does not tell who has an account", async () => {
  const known = { email: "ann@example.com", password: "a-good-password" };
  expect((await auth().signUp(known)).error).toBeNull();
  const took = async (email: string) => {
    const began = performance.now();
    const { error } = await auth().signInWithPassword({ email, password: "a-wrong-password" });
    expect(error?.code).toBe("invalid_credentials");
    return performance.now() - began;
  };
  // Longer than any comparison takes, so that both have waited for the same moment.
  for (const email of [known.email, "nobody@example.com"]) {
    for (let i = 0; i < 3; i++) expect(await took(email)).toBeGreaterThan(399);
  }
  const rest = await Promise.all(
    Array.from({ length: 7 }, () => auth().signInWithPassword({ ...known, password: "a-wrong-password" })),
  );
  expect(rest.map(({ error }) => error?.code)).toEqual(Array(7).fill("invalid_credentials"));
  const { error } = await auth().signInWithPassword(known);
  expect(error).toBeInstanceOf(AuthApiError);
  expect(error).toMatchObject({ status: 429, code: "over_request_rate_limit" });
});
