import { randomUUID } from "node:crypto";
import { expect, test } from "@playwright/test";
import { ADDRESSES } from "../e2e/api/bad-requests/addresses";
import {
  cookiesFrom,
  expectOk,
  expectProblem,
  newAccount,
  newPerson,
  newTeam,
  type Person,
  post,
  type Reply,
  type Sending,
  send,
} from "../e2e/api/client";
import { newKey } from "../e2e/fixtures";
import { startHostedAuth } from "../support/hosted-auth";
import { PROXY_PORT, PROXY_URL, SUPABASE_URL } from "../support/ports";
import { fromBase32, stepNow, totp } from "../support/totp";
import { linesOf, logOf } from "./broken";
import { dataFolder, fillWithTemplate, type Running, startApp, startDatabase } from "./servers";

// The lines on failed sign-ins and refusals, over HTTP. What one may hold is in tests/unit/security-log.test.ts.

let app: Running;
let stop: () => Promise<void>;
/** What was sent, of which no line may have any. */
const sent: string[] = [];

test.beforeAll(async () => {
  const folder = dataFolder();
  fillWithTemplate(folder.path);
  const database = await startDatabase(folder.path);
  const hosted = await startHostedAuth(PROXY_PORT, SUPABASE_URL, { confirmEmail: false });
  app = await startApp(PROXY_URL, [], { CLIENT_ADDRESS_HEADER: "x-real-ip" });
  stop = async () => {
    await app.kill();
    await hosted.close();
    await database.kill();
    folder.remove();
  };
});

test.afterAll(() => stop());

/** Requests of one client, in a network of its own. */
function newClient(person?: Person) {
  const network = `10.0.${++clients}`;
  const address = `${network}.217`;
  sent.push(address);
  if (person) sent.push(person.email, person.password, person.session.access_token);
  const headers = { "X-Real-IP": address, ...(person && { Cookie: person.cookie }) };
  const ask = (path: string, sending: Sending = {}) =>
    send(path, { ...sending, headers: { ...headers, ...sending.headers } });
  const form = (path: string, fields: { [name in "email" | "password" | "code"]?: string }, more = {}) => {
    sent.push(...Object.values(fields));
    const type = { "Content-Type": "application/x-www-form-urlencoded", Accept: "application/json" };
    const body = new URLSearchParams(fields).toString();
    return ask(path, { method: "POST", headers: { ...type, ...more }, body });
  };
  return { ask, form, client: `${network}.0/24` };
}
let clients = 0;

/** The lines on what a client does. Those on others may come in between, with what was counted before. */
const linesOn = async (client: string, work: () => Promise<unknown>) =>
  (await logOf(app, work, "warning")).filter((line) => line.client === client);

/** The one line that the log has on a request. */
async function lineOn(
  client: string,
  work: () => Promise<Reply>,
  status: number,
): Promise<Record<string, unknown>> {
  const lines = await linesOn(client, async () => expect((await work()).status).toBe(status));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({ time: expect.stringMatching(/Z$/), count: 1 });
  const { time: _, level: __, count: ___, ...line } = lines[0] ?? {};
  return line;
}

const SIGN_IN = { event: "sign_in_failed", method: "POST", route: "/api/auth/sign-in" };

test("a failed sign-in is one line, the same whether there is such an account", async () => {
  const { email } = await newPerson();
  for (const fields of [newAccount(), { email, password: "not-the-password" }]) {
    const { form, client } = newClient();
    const line = await lineOn(client, () => form("/api/auth/sign-in", fields), 401);
    expect(line).toEqual({ ...SIGN_IN, code: "invalid_credentials", status: 401, client });
  }
  // Without JavaScript, the answer leads back to the form.
  const { form, client } = newClient();
  const line = await lineOn(
    client,
    () => form("/api/auth/sign-in", newAccount(), { Accept: "text/html" }),
    303,
  );
  expect(line).toEqual({ ...SIGN_IN, code: "invalid_credentials", status: 401, client });
});

test("a sign-in that is not tried any more is a line of its own, and many at once are their number", async () => {
  const { form, client } = newClient();
  const account = newAccount();
  let tries = 0;
  const lines = await linesOn(client, async () => {
    // The auth server has a limit as well; the app's own is 15.
    let reply: Reply;
    do {
      reply = await form("/api/auth/sign-in", account);
    } while (++tries < 17 && reply.status === 401);
    expectProblem(reply, 429, "too_many_attempts");
  });
  const ofCode = (code: string) => lines.filter((line) => line.code === code);
  expect(ofCode("too_many_attempts")).toMatchObject([{ ...SIGN_IN, status: 429, client, count: 1 }]);
  expect(ofCode("invalid_credentials")[0]).toMatchObject({ ...SIGN_IN, status: 401, client, count: 1 });
  expect(lines.length).toBeLessThan(tries);
});

test("a wrong code, and a wrong password of somebody who is signed in, say whose", async () => {
  const account = newAccount();
  const signedUp = newClient();
  const cookie = cookiesFrom(await signedUp.form("/api/auth/sign-up", account));
  const asThem = (path: string, body: object) => signedUp.ask(path, post(body, { Cookie: cookie }));
  const { id, secret } = expectOk(await asThem("/api/account/factors", {}), 201);
  const code = totp(fromBase32(secret), stepNow());
  expectOk(await asThem("/api/account/factors/verify", { id, code }), 204);
  const signedIn = cookiesFrom(await signedUp.form("/api/auth/sign-in", account));
  const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, "0");
  sent.push(secret, code, wrong, signedIn);
  const { client } = signedUp;
  const line = await lineOn(
    client,
    () => signedUp.form("/api/auth/code", { code: wrong }, { Cookie: signedIn }),
    403,
  );
  const user = expect.stringMatching(/^[0-9a-f-]{36}$/);
  expect(line).toEqual({
    ...SIGN_IN,
    code: "wrong_code",
    status: 403,
    route: "/api/auth/code",
    user,
    client,
  });

  const person = await newPerson();
  const theirs = newClient(person);
  const confirm = () => theirs.ask("/api/account/confirmation", post({ password: "not-the-password" }));
  const refused = { event: "sign_in_failed", method: "POST", user: person.id, client: theirs.client };
  const route = "/api/account/confirmation";
  expect(await lineOn(theirs.client, confirm, 403)).toEqual({
    ...refused,
    code: "wrong_password",
    status: 403,
    route,
  });
  for (let i = 0; i < 4; i++) expectProblem(await confirm(), 403, "wrong_password");
  const last = await linesOn(theirs.client, async () =>
    expectProblem(await confirm(), 429, "too_many_attempts"),
  );
  expect(last).toContainEqual(
    expect.objectContaining({ ...refused, code: "too_many_attempts", status: 429, route, count: 1 }),
  );
});

test("each kind of refusal is one line, and what is none is not logged", async () => {
  const admin = await newPerson();
  const person = await newPerson();
  const team = await newTeam({ admin, member: person });
  const { ask, form, client } = newClient(person);
  const stranger = newClient();
  const value = newKey();
  sent.push(value, team);

  const nobody = { event: "refused", client: stranger.client };
  expect(await lineOn(stranger.client, () => stranger.ask("/api/vault?key=ANTHROPIC_API_KEY"), 401)).toEqual({
    ...{ ...nobody, code: "unauthenticated", status: 401, method: "GET", route: "/api/vault" },
  });
  expect(
    await lineOn(stranger.client, () => stranger.ask("/api/vault", post({ key: "A_KEY", value })), 401),
  ).toEqual({
    ...{ ...nobody, code: "unauthenticated", status: 401, method: "POST", route: "/api/vault" },
  });
  const crossSite = { "Sec-Fetch-Site": "cross-site" };
  expect(
    await lineOn(stranger.client, () => stranger.form("/api/auth/sign-in", newAccount(), crossSite), 403),
  ).toEqual({
    ...{ ...nobody, code: "cross_origin", status: 403, method: "POST", route: "/api/auth/sign-in" },
  });

  const theirs = { event: "refused", user: person.id, client };
  const set = { key: "ANTHROPIC_API_KEY", value };
  expect(await lineOn(client, () => ask("/api/vault", post(set, crossSite)), 403)).toEqual({
    ...{ ...theirs, code: "cross_origin", status: 403, method: "POST", route: "/api/vault" },
  });
  expect(await lineOn(client, () => ask("/api/vault", post({ ...set, team_id: team })), 403)).toEqual({
    ...{ ...theirs, code: "team_role_required", status: 403, method: "POST", route: "/api/vault" },
  });
  const remove = () => ask(`/api/teams/${team}/members/${admin.id}`, { method: "DELETE" });
  expect(await lineOn(client, remove, 403)).toMatchObject({
    method: "DELETE",
    route: "/api/teams/:id/members/:id",
  });
  const reveal = (headers = {}) => ask("/api/vault?key=ANTHROPIC_API_KEY&reveal=true", { headers });
  expect(await lineOn(client, () => reveal({ Cookie: person.sessionCookie }), 403)).toEqual({
    ...{ ...theirs, code: "confirmation_required", status: 403, method: "GET", route: "/api/vault" },
  });

  const quiet = await linesOn(client, async () => {
    expectOk(await ask("/api/vault", post(set)), 201);
    expectOk(await reveal());
    expectProblem(await ask("/api/vault?key=NOT_THERE"), 404, "secret_not_found");
    expectProblem(await ask("/api/vault?key=not-a-key"), 400, "invalid_request");
    expectProblem(await ask("/api/vault", { method: "PUT" }), 405, "method_not_allowed");
    const { email, password } = person;
    expect((await form("/api/auth/sign-in", { email, password })).status).toBe(200);
    expect((await ask("/login")).status).toBe(307);
  });
  expect(quiet).toEqual([]);

  const mails = await linesOn(stranger.client, async () => {
    let reply: Reply;
    let asked = 0;
    // Five a minute are sent.
    do {
      reply = await stranger.form("/api/auth/forgot-password", { email: newAccount().email });
    } while (++asked < 60 && reply.status === 200);
    expectProblem(reply, 429, "too_many_emails");
  });
  expect(mails).toMatchObject([{ ...nobody, code: "too_many_emails", status: 429 }]);
});

test("each address that a session is needed for has its own line where there is none", async () => {
  const { ask, client } = newClient();
  const requests = Object.entries(ADDRESSES)
    .filter(([path]) => !path.startsWith("/api/auth/"))
    .flatMap(([path, methods]) => methods.split(", ").map((method) => ({ path, method })));
  const lines = await linesOn(client, async () => {
    for (const { path, method } of requests) {
      const sending = method === "GET" ? {} : { ...post({}), method };
      const reply = await ask(path.replace(/\[\w+\]/g, randomUUID()), sending);
      expectProblem(reply, 401, "unauthenticated");
    }
  });
  expect(requests.length).toBeGreaterThan(30);
  expect(lines.map(({ method, route, count }) => [method, route, count])).toEqual(
    requests.map(({ path, method }) => [method, path.replace(/\[\w+\]/g, ":id"), 1]),
  );
});

test("no line has anything of what was sent, and an app that ends says how many there were", async () => {
  const { ask, client } = newClient();
  for (let i = 0; i < 50; i++) expectProblem(await ask("/api/teams"), 401, "unauthenticated");
  process.kill(app.pid, "SIGTERM");
  await app.ended;
  // Beside them are Next's own words.
  const written = app.output().match(/^\{.*\}$/gm) ?? [];
  const counts = linesOf(written.join("\n")).flatMap((line) =>
    "count" in line && line.client === client ? line.count : [],
  );
  expect(counts.length).toBeLessThan(10);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(50);
  expect(sent.length).toBeGreaterThan(20);
  for (const text of sent) expect(app.output()).not.toContain(text);
});
