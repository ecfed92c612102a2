import { AsyncLocalStorage } from "node:async_hooks";
import { afterAll, beforeAll, beforeEach, expect, vi } from "vitest";
import { startDatabase } from "./harness.ts";

// The account's routes as a fresh server has them, with real sessions in the cookies of real browsers; of Next, only
// what hands out a request's headers and cookies is a stand-in.

export const PASSWORD = "a-long-test-password";

export let db: Awaited<ReturnType<typeof startDatabase>>;
export let routes: Awaited<ReturnType<typeof load>>;
/** The browser whose request is being answered. */
const answering = new AsyncLocalStorage<Browser>();
const present = () => {
  const browser = answering.getStore();
  if (!browser) throw new Error("No request is being answered.");
  return browser;
};
export const mails: { to: string; text: string }[] = [];

async function load() {
  await db.service();
  // Unlike there, who is signed in is for the session to say.
  vi.resetModules();
  vi.doUnmock("../../lib/auth/session.ts");
  vi.doMock("next/headers", () => ({
    headers: async () => present().headers(),
    cookies: async () => ({
      get: (name: string) => (present().jar.has(name) ? { name, value: present().jar.get(name) } : undefined),
      set: (name: string, value: string, options?: { maxAge?: number }) =>
        present().keep(name, value, options),
    }),
  }));
  vi.doMock("../../lib/mail/send.ts", () => ({
    canSendMail: () => true,
    sendMail: async (mail: (typeof mails)[number]) => void mails.push(mail),
  }));
  // The rest of next/server is real: what deletes cookies needs its NextResponse.
  vi.doMock("next/server", async (original) => ({
    ...(await original<object>()),
    after: (work: () => Promise<void>) => void work(),
  }));
  return {
    signIn: (await import("../../app/api/auth/sign-in/route.ts")).POST,
    list: (await import("../../app/api/vault/route.ts")).GET,
    password: (await import("../../app/api/account/password/route.ts")).POST,
    email: (await import("../../app/api/account/email/route.ts")).POST,
    sessions: (await import("../../app/api/account/sessions/route.ts")).DELETE,
    enrol: (await import("../../app/api/account/factors/route.ts")).POST,
    removeFactor: (await import("../../app/api/account/factors/route.ts")).DELETE,
    verifyFactor: (await import("../../app/api/account/factors/verify/route.ts")).POST,
    impact: (await import("../../app/api/account/deletion/route.ts")).GET,
    remove: (await import("../../app/api/account/deletion/route.ts")).POST,
    ...(await import("../../lib/account/sessions.ts")),
    ...(await import("../../lib/account/email.ts")),
    ...(await import("../../lib/auth/session.ts")),
    ...(await import("../../lib/vault/service.ts")),
    ...(await import("../../lib/teams/membership.ts")),
  };
}

type Route = (request: Request) => Promise<Response>;

/** One person's browser. */
export class Browser {
  readonly jar = new Map<string, string>();
  headers = () =>
    new Headers({ cookie: [...this.jar].map(([name, value]) => `${name}=${value}`).join("; ") });

  keep(name: string, value: string, options?: { maxAge?: number }): void {
    if (options?.maxAge === 0 || value === "") this.jar.delete(name);
    else this.jar.set(name, value);
  }

  async send(route: Route, method: string, body?: object, query = "", headers: Record<string, string> = {}) {
    const reply = await answering.run(this, () =>
      route(
        new Request(`http://localhost:3000/api${query}`, {
          method,
          headers: {
            ...Object.fromEntries(this.headers()),
            "sec-fetch-site": "same-origin",
            ...(body && { "content-type": "application/json" }),
            ...headers,
          },
          ...(body && { body: JSON.stringify(body) }),
        }),
      ),
    );
    for (const cookie of reply.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      this.keep(name, value);
    }
    const said = reply.status === 204 ? {} : await reply.json().catch(() => ({}));
    return { status: reply.status, headers: reply.headers, ...said };
  }

  async signIn(email: string, password = PASSWORD) {
    const body = new URLSearchParams({ email, password });
    const headers = { accept: "application/json", "sec-fetch-site": "same-origin" };
    const request = new Request("http://localhost:3000/api", { method: "POST", body, headers });
    const reply = await answering.run(this, () => routes.signIn(request));
    return reply.status;
  }

  isSignedIn = async () => (await this.send(routes.list, "GET")).status === 200;
  changePassword = (current_password: string, new_password: string) =>
    this.send(routes.password, "POST", { current_password, new_password });
  remove = (teams: object[], password = PASSWORD) => this.send(routes.remove, "POST", { password, teams });
  async user() {
    const user = await answering.run(this, routes.getSessionUser);
    if (!user) throw new Error("nobody is signed in");
    return user;
  }
}

let people = 0;
export async function newPerson() {
  const id = await db.person();
  people += 1;
  const email = `person-${people}@example.com`;
  const browser = new Browser();
  expect(await browser.signIn(email)).toBe(200);
  // The one that signing up has begun.
  await browser.send(routes.sessions, "DELETE", undefined, "?scope=others");
  return { id, email, browser };
}
export async function another(email: string, password = PASSWORD) {
  const browser = new Browser();
  expect(await browser.signIn(email, password)).toBe(200);
  return browser;
}

beforeAll(async () => {
  db = await startDatabase();
  routes = await load();
});
afterAll(() => db.close());

export let person: Awaited<ReturnType<typeof newPerson>>;
beforeEach(async () => {
  mails.length = 0;
  person = await newPerson();
});
