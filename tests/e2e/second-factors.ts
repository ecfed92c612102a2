import { TEST_PUBLISHABLE_KEY } from "../support/keys";
import { NO_PLATFORM_KEY_PORT, PROXY_URL } from "../support/ports";
import { fromBase32, stepNow, totp } from "../support/totp";
import {
  type Account,
  as,
  expectOk,
  newAccount,
  newPerson,
  post,
  type Reply,
  type Sending,
} from "./api/client";
import { expect } from "./fixtures";

export const port = NO_PLATFORM_KEY_PORT;

/** An authenticator app. Each code is the next one, so that no test waits until it changes. */
export function authenticator(secret: string) {
  let step = stepNow();
  return () => totp(fromBase32(secret), step++);
}

export const wrongCode = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, "0");

/** Somebody's browser, as far as the API goes: it sends what was set. */
export class Client {
  readonly #cookies = new Map<string, string>();

  get cookie(): string {
    return [...this.#cookies].map((pair) => pair.join("=")).join("; ");
  }

  async ask(path: string, sending: Sending = {}): Promise<Reply> {
    const reply = await as(this)(path, { ...sending, port });
    for (const line of reply.headers["set-cookie"] ?? []) {
      const [name = "", value = ""] = (line.split(";")[0] ?? "").split(/=(.*)/s);
      if (value) this.#cookies.set(name, value);
      else this.#cookies.delete(name);
    }
    return reply;
  }

  form(path: string, fields: Record<string, string>): Promise<Reply> {
    const headers = { "Content-Type": "application/x-www-form-urlencoded", Accept: "application/json" };
    const body = new URLSearchParams(fields).toString();
    return this.ask(path, { method: "POST", headers, body });
  }

  code = (code: string, next = {}) => this.form("/api/auth/code", { code, ...next });
}

export async function signedIn({ email, password }: Account) {
  const client = new Client();
  const reply = await client.form("/api/auth/sign-in", { email, password });
  return { client, to: reply.json.to };
}

/** Somebody new, signed in. The account is made past this app, where an address would have to be confirmed. */
export async function signedUp(account: Account = newAccount()) {
  await newPerson(account);
  return { account, ...(await signedIn(account)) };
}

/** Sets up an authenticator app. */
export async function enrol(client: Client): Promise<() => string> {
  const { id, secret } = expectOk(await client.ask("/api/account/factors", post({})), 201);
  const next = authenticator(secret);
  expectOk(await client.ask("/api/account/factors/verify", post({ id, code: next() })), 204);
  return next;
}

/** Somebody new with a second factor, signed in. */
export async function enrolled() {
  const { account, client } = await signedUp();
  return { account, client, next: await enrol(client) };
}

/** What the session cookie holds. */
export function sessionOf({ cookie }: Client) {
  const chunks = [...cookie.matchAll(/auth-token(?:\.\d)?=([^;]+)/g)].map(([, chunk]) => chunk);
  return JSON.parse(Buffer.from(chunks.join("").replace(/^base64-/, ""), "base64url").toString());
}

/** Asks the auth server itself, as another app of the same project does. */
export async function directly(client: Client, path: string, body: object) {
  const reply = await fetch(`${PROXY_URL}/auth/v1/factors${path}`, {
    method: "POST",
    headers: { apikey: TEST_PUBLISHABLE_KEY, Authorization: `Bearer ${sessionOf(client).access_token}` },
    body: JSON.stringify(body),
  });
  expect(reply.status).toBe(200);
  return reply.json();
}
