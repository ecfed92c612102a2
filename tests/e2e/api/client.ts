import { randomUUID } from "node:crypto";
import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request, STATUS_CODES } from "node:http";
import { expect } from "@playwright/test";
import { createServerClient } from "@supabase/ssr";
import { confirmationCookie, signConfirmation } from "../../../lib/auth/confirmation-cookie";
import { sessionIdOf } from "../../../lib/vault/session/session";
import { TEST_PUBLISHABLE_KEY, TEST_SECRET_KEY } from "../../support/keys";
import { APP_PORT, APP_URL, SUPABASE_URL } from "../../support/ports";

// The API as a client sees it that is no browser and lies where it likes: node:http sends every header as it
// is given, `Host` and `Sec-Fetch-Site` too.

export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at what they expect there
  json: any;
}

export interface Sending {
  method?: string;
  headers?: OutgoingHttpHeaders;
  body?: string | Buffer;
  /** Leaves out Content-Length, so that only reading shows how long the body is. */
  chunked?: boolean;
  /** Of the server; the first one's unless told. */
  port?: number;
}

/** Sends one request to the app, on a connection of its own. */
export function send(
  path: string,
  { method = "GET", headers, body, chunked, port = APP_PORT }: Sending = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const length = body !== undefined && !chunked ? { "Content-Length": Buffer.byteLength(body) } : {};
    const outgoing = request({
      host: "127.0.0.1",
      port,
      path,
      method,
      agent: false,
      headers: { Host: `localhost:${port}`, ...length, ...headers },
    });
    outgoing.once("error", reject);
    outgoing.once("response", async (incoming) => {
      // A server that is killed breaks a reply off in the middle.
      const chunks = await incoming.toArray().catch(reject);
      if (!chunks) return;
      const text = Buffer.concat(chunks).toString();
      const isJson = /^application\/(problem\+)?json\b/.test(incoming.headers["content-type"] ?? "");
      // A reply to HEAD has the type without the text.
      const json = isJson && text !== "" ? JSON.parse(text) : undefined;
      resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text, json });
    });
    if (body !== undefined) outgoing.write(body);
    outgoing.end();
  });
}

export interface Account {
  email: string;
  password: string;
}

/** An account that nobody has yet. */
export function newAccount(): Account {
  return { email: `person-${randomUUID()}@example.com`, password: "a-long-test-password" };
}

/** Someone with a session, and what a thief of it would have. */
export interface Person extends Account {
  id: string;
  /** The `Cookie` header of their browser, which has just signed up with a password. */
  cookie: string;
  /** The part of it that is the session alone. */
  sessionCookie: string;
  session: { access_token: string; expires_at?: number };
  signOut: () => Promise<unknown>;
}

/** Signs up with the library that the app uses, so that the cookie is the one that the app sets. */
export async function newPerson(account = newAccount()): Promise<Person> {
  const jar = new Map<string, string>();
  const { auth } = createServerClient(SUPABASE_URL, TEST_PUBLISHABLE_KEY, {
    cookies: {
      getAll: () => [...jar].map(([name, value]) => ({ name, value })),
      setAll: (changed) => {
        for (const { name, value } of changed) value ? jar.set(name, value) : jar.delete(name);
      },
    },
  });
  const { data, error } = await auth.signUp(account);
  if (error || !data.user || !data.session) throw error ?? new Error("Signing up gave no session.");
  const sessionCookie = [...jar].map((pair) => pair.join("=")).join("; ");
  return {
    ...account,
    id: data.user.id,
    cookie: `${sessionCookie}; ${confirmationOf({ id: data.user.id, session: data.session })}`,
    sessionCookie,
    session: data.session,
    signOut: () => auth.signOut({ scope: "local" }),
  };
}

/**
 * The cookie that the app sets beside a session where the password was entered.
 *
 * @param at milliseconds since 1970
 */
export function confirmationOf({ id, session }: Pick<Person, "id" | "session">, at = Date.now()): string {
  const confirmed = { id, sessionId: sessionIdOf(session.access_token) };
  return `${confirmationCookie(APP_URL).name}=${signConfirmation(TEST_SECRET_KEY, confirmed, at)}`;
}

/** The cookie that would hold this session, or whatever else is put there. */
export function sessionCookie(content: unknown): string {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  return `sb-127-auth-token=base64-${Buffer.from(text).toString("base64url")}`;
}

/** The `Cookie` header of a browser that had none before this reply. */
export const cookiesFrom = ({ headers }: Reply): string =>
  (headers["set-cookie"] ?? []).map((line) => line.split(";")[0]).join("; ");

/** Sends requests as this person, JSON bodies as such. */
export function as({ cookie }: Pick<Person, "cookie">) {
  return (path: string, { headers, ...rest }: Sending = {}) =>
    send(path, { ...rest, headers: { Cookie: cookie, ...headers } });
}

export const JSON_TYPE = { "Content-Type": "application/json" };

/** A POST of this as JSON. */
export function post(body: unknown, headers: OutgoingHttpHeaders = {}): Sending {
  return { method: "POST", body: JSON.stringify(body), headers: { ...JSON_TYPE, ...headers } };
}

/** Asks the embedded Supabase itself. */
export async function askDatabase(
  path: string,
  init: { method?: string; body?: unknown; key?: string; accessToken?: string } = {},
): Promise<{ status: number; text: string }> {
  const { method = "GET", body, key = TEST_SECRET_KEY, accessToken } = init;
  const response = await fetch(`${SUPABASE_URL}${path}`, {
    method,
    headers: {
      apikey: key,
      ...JSON_TYPE,
      Prefer: "return=representation",
      ...(accessToken && { Authorization: `Bearer ${accessToken}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
}

/** Writes rows as the database's owner would, past the app. */
export async function insertRows(table: string, rows: object | object[]): Promise<{ id: string }[]> {
  const { status, text } = await askDatabase(`/rest/v1/${table}`, { method: "POST", body: rows });
  expect(status, text).toBe(201);
  return JSON.parse(text);
}

/** A team with these people in it. */
export async function newTeam(people: Partial<Record<"admin" | "member", Person>>): Promise<string> {
  const [team] = await insertRows("teams", { name: "Test team" });
  if (!team) throw new Error("The team was not created.");
  for (const [role, person] of Object.entries(people)) {
    await insertRows("team_members", { team_id: team.id, user_id: person.id, role });
  }
  return team.id;
}

/** What holds for every reply of the API, whatever it says. */
export function expectSealed(reply: Reply): void {
  expect(sealOf(reply)).toEqual(SEALED);
}

// Each call of expect costs a millisecond, and there are thousands of replies: so there is one for all that holds.
const SEALED = { caching: true, sniffing: "nosniff", cors: [] };

function sealOf({ headers }: Reply) {
  const cached = headers["cache-control"] ?? "nothing";
  // The auth library brings its own where the reply changes its cookie.
  const renewing = headers["set-cookie"] !== undefined;
  return {
    caching: (renewing ? /^private,.* no-store/ : /^private, no-store$/).test(cached) || cached,
    sniffing: headers["x-content-type-options"],
    cors: Object.keys(headers).filter((name) => name.startsWith("access-control-")),
  };
}

/** A secret as the API gives it, but for when it was last used, which is entered after a reply. */
export function withoutUse(secret: { details: object | null }): object {
  return { ...secret, details: secret.details && { ...secret.details, last_used_at: null } };
}

/** A success with this status, and its JSON. */
export function expectOk(reply: Reply, status = 200) {
  expect(reply.status, reply.text).toBe(status);
  expectSealed(reply);
  if (status !== 204) expect(reply.headers["content-type"]).toBe("application/json");
  return reply.json;
}

/** An RFC 9457 problem with this status and code, and nothing besides. */
export function expectProblem(reply: Reply, status: number, code: string): void {
  expect(`${reply.status} ${reply.json?.code ?? reply.text}`).toBe(`${status} ${code}`);
  expect({ ...sealOf(reply), type: reply.headers["content-type"], problem: reply.json }).toEqual({
    ...SEALED,
    type: "application/problem+json",
    problem: {
      type: `urn:credential-vault:problem:${code}`,
      title: STATUS_CODES[status],
      status,
      code,
      detail: expect.stringMatching(/^\S.+\.$/),
    },
  });
}

/** Everything of a reply that a client can tell two apart by, except for what changes with each one. */
export function fingerprint({ status, headers, text }: Reply) {
  const { date: _, "content-security-policy": policy, ...rest } = headers;
  return { status, text, headers: { ...rest, policy: String(policy).replace(/nonce-\w+/, "") } };
}
