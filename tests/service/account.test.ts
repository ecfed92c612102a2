import { AsyncLocalStorage } from "node:async_hooks";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { startDatabase } from "./harness.ts";

// The account's routes as a fresh server has them, with real sessions in the cookies of real browsers; of Next, only
// what hands out a request's headers and cookies is a stand-in.

const PASSWORD = "a-long-test-password";
const NEXT_PASSWORD = "another-long-password";

let db: Awaited<ReturnType<typeof startDatabase>>;
let routes: Awaited<ReturnType<typeof load>>;
/** The browser whose request is being answered. */
const answering = new AsyncLocalStorage<Browser>();
const present = () => {
  const browser = answering.getStore();
  if (!browser) throw new Error("No request is being answered.");
  return browser;
};
const mails: { to: string; text: string }[] = [];

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
class Browser {
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
async function newPerson() {
  const id = await db.person();
  people += 1;
  const email = `person-${people}@example.com`;
  const browser = new Browser();
  expect(await browser.signIn(email)).toBe(200);
  // The one that signing up has begun.
  await browser.send(routes.sessions, "DELETE", undefined, "?scope=others");
  return { id, email, browser };
}
async function another(email: string, password = PASSWORD) {
  const browser = new Browser();
  expect(await browser.signIn(email, password)).toBe(200);
  return browser;
}

beforeAll(async () => {
  db = await startDatabase();
  routes = await load();
});
afterAll(() => db.close());

let person: Awaited<ReturnType<typeof newPerson>>;
beforeEach(async () => {
  mails.length = 0;
  person = await newPerson();
});

describe("the password", () => {
  it("is changed for who knows the present one; every other session is over, this browser's goes on", async () => {
    const { email, browser } = person;
    const [phone, stranger] = [await another(email), await newPerson()];
    const old = new Browser();
    for (const [name, value] of browser.jar) old.keep(name, value);

    expect(await browser.changePassword(PASSWORD, NEXT_PASSWORD)).toMatchObject({
      status: 200,
      others_ended: true,
    });
    expect(await browser.isSignedIn()).toBe(true);
    expect(await phone.isSignedIn()).toBe(false);
    expect(await old.isSignedIn(), "a copy of the cookie from before").toBe(false);
    expect(await stranger.browser.isSignedIn()).toBe(true);
    expect(await routes.listSessions(await browser.user())).toHaveLength(1);

    expect(await new Browser().signIn(email)).toBe(401);
    expect(await new Browser().signIn(email, NEXT_PASSWORD)).toBe(200);
  });

  it.each([
    ["a wrong present one", "not-the-password", NEXT_PASSWORD, 403, "wrong_password"],
    ["none", "", NEXT_PASSWORD, 403, "wrong_password"],
    ["a short new one", PASSWORD, "short", 400, "password_too_short"],
    ["a common new one", PASSWORD, "password123", 400, "password_common"],
    ["a new one that is too long", PASSWORD, "a1".repeat(40), 400, "password_too_long"],
  ])("is not changed with %s, and no session ends", async (_, current, next, status, code) => {
    const phone = await another(person.email);
    expect(await person.browser.changePassword(current, next)).toMatchObject({ status, code });
    expect(await person.browser.isSignedIn()).toBe(true);
    expect(await phone.isSignedIn()).toBe(true);
    expect(await new Browser().signIn(person.email)).toBe(200);
  });

  it("that is the present one already stays, and the other sessions are over: an earlier answer may be lost", async () => {
    const phone = await another(person.email);
    const reply = await person.browser.changePassword(PASSWORD, PASSWORD);
    expect(reply).toMatchObject({ status: 400, code: "password_unchanged" });
    expect(reply.detail).toContain("All your other sessions are signed out.");
    expect(await phone.isSignedIn()).toBe(false);
    expect(await person.browser.isSignedIn()).toBe(true);
  });

  it("is changed, and the other sessions are over, where the auth server's answer is lost", async () => {
    const phone = await another(person.email);
    const real = fetch;
    vi.stubGlobal("fetch", async (...request: Parameters<typeof fetch>) => {
      const reply = await real(...request);
      if (request[1]?.method === "PUT") throw new TypeError("fetch failed");
      return reply;
    });
    const reply = await person.browser.changePassword(PASSWORD, NEXT_PASSWORD);
    vi.unstubAllGlobals();
    expect(reply).toMatchObject({ status: 503, code: "auth_unavailable" });
    expect(reply.detail).toContain("didn't confirm whether your password was changed");
    expect(await phone.isSignedIn()).toBe(false);
    expect(await new Browser().signIn(person.email, NEXT_PASSWORD)).toBe(200);
  });

  it("cannot be the address", async () => {
    const reply = await person.browser.changePassword(PASSWORD, person.email);
    expect(reply).toMatchObject({ status: 400, code: "password_is_email" });
  });

  it("is guessed five times from a session, by nobody else's count, and the right one is too late then", async () => {
    const guesses = [1, 2, 3, 4, 5, 6].map((n) =>
      person.browser.changePassword(`guess-number-${n}`, NEXT_PASSWORD),
    );
    const codes = (await Promise.all(guesses)).map(({ code }) => code).sort();
    expect(codes).toEqual(["too_many_attempts", ...Array(5).fill("wrong_password")]);
    // One limit for everything that asks for it.
    for (const late of [
      await person.browser.changePassword(PASSWORD, NEXT_PASSWORD),
      await person.browser.remove([]),
    ]) {
      expect(late).toMatchObject({ status: 429, code: "too_many_attempts" });
    }
    const other = await newPerson();
    expect(await other.browser.changePassword(PASSWORD, NEXT_PASSWORD)).toMatchObject({ status: 200 });
  });

  it("is not changed by another site, nor from a page that shows somebody else", async () => {
    const body = { current_password: PASSWORD, new_password: NEXT_PASSWORD };
    const shown = { "vault-shown-user": crypto.randomUUID() };
    const stale = await person.browser.send(routes.password, "POST", body, "", shown);
    expect(stale).toMatchObject({ status: 409, code: "user_changed" });
    const foreign = await person.browser.send(routes.password, "POST", body, "", {
      "sec-fetch-site": "same-site",
    });
    expect(foreign).toMatchObject({ status: 403, code: "cross_origin" });
    expect(await new Browser().signIn(person.email)).toBe(200);
  });
});

describe("the address", () => {
  const change = (email: string) => person.browser.send(routes.email, "POST", { email });

  it("is changed once that is confirmed, and both are told", async () => {
    expect(await change(" New-One@example.com ")).toMatchObject({ status: 204 });
    expect((await person.browser.user()).email).toBe(person.email);
    expect(mails.map(({ to }) => to)).toEqual(["New-One@example.com"]);
    expect(mails[0]?.text).not.toContain(person.email);
  });

  it("of somebody else gets the same answer and the same mail, in the same time, and changes nothing", async () => {
    const other = await newPerson();
    const timed = async (email: string) => {
      const start = performance.now();
      const { status, headers, ...said } = await change(email);
      return { status, said, seconds: (performance.now() - start) / 1000 };
    };
    const [taken, free] = [await timed(other.email), await timed("free-one@example.com")];
    expect({ ...taken, seconds: 0 }).toEqual({ ...free, seconds: 0 });
    for (const { seconds } of [taken, free]) expect(seconds).toBeGreaterThanOrEqual(1.99);
    expect(mails.map(({ to }) => to)).toEqual([other.email, "free-one@example.com"]);
  });

  it.each([
    ["no address", "nobody", 400, "email_address_malformed"],
    ["one with a line break", "a@example.com\r\nBcc: b@example.com", 400, "email_address_malformed"],
  ])("is not changed to %s", async (_, email, status, code) => {
    expect(await change(email)).toMatchObject({ status, code });
    expect(mails).toEqual([]);
  });

  // Only an address without an account gets a mail of the auth server's, so only that can meet these.
  it.each([
    [
      "an SMTP failure",
      500,
      { code: "unexpected_failure", message: "Error sending email change email" },
      "error",
    ],
    ["a hook that fails", 422, { code: "hook_timeout", message: "Failed to reach hook" }, "error"],
    [
      "a used-up quota",
      429,
      { code: "over_email_send_rate_limit", message: "email rate limit exceeded" },
      "error",
    ],
    [
      "an address that Auth may not write to",
      400,
      { code: "email_address_not_authorized", message: "No." },
      "error",
    ],
    ["a hook's own refusal", 429, { code: "unknown", message: "Provider quota" }, "warn"],
    [
      "a hook's own fault",
      500,
      { code: "unexpected_failure", message: "The address is on a suppression list" },
      "error",
    ],
    [
      "a limit of their own",
      429,
      { code: "over_email_send_rate_limit", message: "You can only request this after 9 seconds." },
      "warn",
    ],
  ] as const)(
    "that is free gets the answer of one that is taken, whatever the mail meets: %s",
    async (name, status, body, level) => {
      const real = fetch;
      vi.stubGlobal("fetch", (...request: Parameters<typeof fetch>) =>
        request[1]?.method === "PUT"
          ? Promise.resolve(
              Response.json(body, { status, headers: { "X-Supabase-Api-Version": "2024-01-01" } }),
            )
          : real(...request),
      );
      const logs = { error: vi.spyOn(console, "error"), warn: vi.spyOn(console, "warn") };
      for (const log of Object.values(logs)) log.mockReset().mockReturnValue();
      const reply = await change(`free-${name.replaceAll(/\W/g, "-")}@example.com`);
      vi.unstubAllGlobals();
      expect(reply.status).toBe(204);
      // The operator hears of it, and a person's own limit is no failure of the server.
      const lines = Object.entries(logs).filter(([, log]) => log.mock.calls.length > 0);
      expect(lines.map(([name]) => name)).toEqual([level]);
      vi.restoreAllMocks();
    },
  );

  it("is not changed to what it is", async () => {
    expect(await change(person.email.toUpperCase())).toMatchObject({ code: "email_address_unchanged" });
  });

  it("is asked to be changed five times an hour", async () => {
    const replies = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => change(`number-${n}@example.com`)));
    expect(replies.map(({ status }) => status).sort()).toEqual([...Array(5).fill(204), 429]);
    expect(mails).toHaveLength(5);
  });

  it("of a stranger gets five mails an hour, no matter who asks, and the answers do not say so", async () => {
    const answers = [];
    for (let asker = 1; asker <= 6; asker += 1) {
      const { browser } = await newPerson();
      answers.push(await browser.send(routes.email, "POST", { email: "stranger@example.com" }));
    }
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(204));
    expect(mails.map(({ to }) => to)).toEqual(Array(5).fill("stranger@example.com"));
  });
});

describe("a session alone", () => {
  it("changes nothing of the account, though here it reveals values", async () => {
    const { browser, email } = person;
    browser.jar.delete("vault-confirmed");
    const refused = { status: 403, code: "confirmation_required" };
    expect(await browser.send(routes.email, "POST", { email: "thief@example.com" })).toMatchObject(refused);
    expect(await browser.send(routes.sessions, "DELETE", undefined, "?scope=others")).toMatchObject(refused);
    expect(await browser.send(routes.enrol, "POST", {})).toMatchObject(refused);
    const id = crypto.randomUUID();
    expect(await browser.send(routes.removeFactor, "DELETE", undefined, `?id=${id}`)).toMatchObject(refused);
    expect(await browser.send(routes.verifyFactor, "POST", { id, code: "123456" })).toMatchObject(refused);
    expect(mails).toEqual([]);
    // VAULT_CONFIRM_MINUTES is 0.
    await routes.setSecret({ type: "user", id: person.id }, { key: "A_KEY", value: "value-not-real" });
    expect(await browser.send(routes.list, "GET", undefined, "?key=A_KEY&reveal=true")).toMatchObject({
      value: "value-not-real",
    });
    expect((await browser.user()).email).toBe(email);
  });
});

describe("sessions", () => {
  const end = (browser: Browser, scope: string) =>
    browser.send(routes.sessions, "DELETE", undefined, `?scope=${scope}`);

  it("are listed with this one first, and nobody else's", async () => {
    await another(person.email);
    await newPerson();
    const user = await person.browser.user();
    const sessions = await routes.listSessions(user);
    expect(sessions.map(({ is_current }) => is_current)).toEqual([true, false]);
    expect(sessions[0]?.id).toBe(user.sessionId);
    for (const { created_at, used_at } of sessions) {
      expect(Math.abs(Date.now() - Date.parse(created_at))).toBeLessThan(120_000);
      expect(Date.parse(used_at)).toBeGreaterThanOrEqual(Date.parse(created_at));
    }
  });

  it("end everywhere else, or everywhere, and the cookie with them", async () => {
    const [phone, stranger] = [await another(person.email), await newPerson()];
    expect(await end(person.browser, "others")).toMatchObject({ status: 204 });
    expect(await person.browser.isSignedIn()).toBe(true);
    expect(await phone.isSignedIn()).toBe(false);

    const tablet = await another(person.email);
    const left = await end(tablet, "global");
    expect(left.status).toBe(204);
    expect(left.headers.get("clear-site-data")).toBe('"cache", "storage"');
    expect([...tablet.jar]).toEqual([]);
    expect(await person.browser.isSignedIn()).toBe(false);
    expect(await stranger.browser.isSignedIn()).toBe(true);
  });

  it.each(["", "?scope=local", "?scope=all", "?scope=others&id=1"])(
    "do not end for the query %j",
    async (query) => {
      const reply = await person.browser.send(routes.sessions, "DELETE", undefined, query);
      expect(reply).toMatchObject({ status: 400, code: "invalid_request" });
      expect(await person.browser.isSignedIn()).toBe(true);
    },
  );
});

describe("deleting an account", () => {
  const store = (type: "user" | "team", id: string) =>
    routes.setSecret({ type, id }, { key: "OPENAI_API_KEY", value: "sk-test-1" });

  it("says what goes, asks who takes over, does it all at once, and leaves the others' whole", async () => {
    const { id, browser, email } = person;
    const [heir, other] = [await newPerson(), await newPerson()];
    const shared = await db.team({ [id]: "admin", [heir.id]: "member", [other.id]: "member" });
    const alone = await db.team({ [id]: "admin" });
    const managed = await db.team({ [id]: "admin", [other.id]: "admin" });
    for (const team of [shared, alone]) await store("team", team);
    await store("user", id);
    await store("user", heir.id);

    const impact = await browser.send(routes.impact, "GET");
    expect(impact).toMatchObject({
      keys: 1,
      webhooks: 0,
      to_hand_over: [{ id: shared, name: "Team", keys: 1 }],
      that_end: [{ id: alone, name: "Team", keys: 1 }],
    });
    expect(impact.to_hand_over[0].members).toEqual(
      expect.arrayContaining([heir, other].map(({ id: user_id, email }) => ({ user_id, email }))),
    );

    const phone = await another(email);
    for (const teams of [[], [{ team_id: shared, pass_to: id }], [{ team_id: alone, pass_to: null }]]) {
      expect(await browser.remove(teams)).toMatchObject({ status: 409, code: "team_needs_admin" });
    }
    const choice = [{ team_id: shared, pass_to: heir.id }];
    expect(await browser.remove(choice, "not-the-password")).toMatchObject({ code: "wrong_password" });
    expect(await browser.isSignedIn()).toBe(true);
    expect(await routes.getTeamRole(heir.id, shared)).toBe("member");
    expect(
      await routes.listSessions(await browser.user()),
      "asking for the password leaves no session",
    ).toHaveLength(2);

    const done = await browser.remove(choice);
    expect(done).toMatchObject({ status: 204 });
    expect(done.headers.get("clear-site-data")).toBe('"cache", "storage"');
    expect([...browser.jar]).toEqual([]);
    expect(await phone.isSignedIn()).toBe(false);
    expect(await new Browser().signIn(email)).toBe(401);
    expect(await routes.getTeamRole(heir.id, shared)).toBe("admin");
    expect(await routes.getTeamRole(other.id, shared)).toBe("member");
    expect(await routes.getTeamRole(other.id, managed)).toBe("admin");
    const owned = await db.admin.from("vault_secrets").select("owner_id").in("owner_id", [id, alone]);
    expect(owned.data).toEqual([]);
    expect(await routes.listSecrets({ type: "team", id: shared })).toHaveLength(1);
    expect(await routes.listSecrets({ type: "user", id: heir.id })).toHaveLength(1);
  });

  it("touches no team that is not the person's to give, nor anybody else's account", async () => {
    const other = await newPerson();
    const theirs = await db.team({ [other.id]: "admin", [person.id]: "member" });
    const foreign = await db.team({ [other.id]: "admin" });
    const choices = [
      { team_id: theirs, pass_to: null },
      { team_id: foreign, pass_to: person.id },
      { team_id: crypto.randomUUID(), pass_to: null },
    ];
    expect(await person.browser.remove(choices)).toMatchObject({ status: 204 });
    for (const team of [theirs, foreign]) expect(await routes.getTeamRole(other.id, team)).toBe("admin");
    expect(await other.browser.isSignedIn()).toBe(true);
  });

  it("at the same moment as the other admin does leaves one of them", async () => {
    const other = await newPerson();
    const team = await db.team({ [person.id]: "admin", [other.id]: "admin" });
    const member = await newPerson();
    await db.admin.from("team_members").insert({ team_id: team, user_id: member.id }).throwOnError();
    const ends = await Promise.all([person.browser.remove([]), other.browser.remove([])]);
    expect(ends.map(({ status }) => status).sort()).toEqual([204, 409]);
    const last = [person, other][ends.findIndex(({ status }) => status === 409)];
    expect(await routes.getTeamRole(last?.id ?? "", team)).toBe("admin");
    expect(await routes.getTeamRole(member.id, team)).toBe("member");
  });

  it("is refused to another site and to a page that shows somebody else", async () => {
    const body = { password: PASSWORD, teams: [] };
    for (const headers of [
      { "sec-fetch-site": "cross-site" },
      { "vault-shown-user": crypto.randomUUID() },
    ] as Record<string, string>[]) {
      const { status } = await person.browser.send(routes.remove, "POST", body, "", headers);
      expect([403, 409]).toContain(status);
    }
    expect(await person.browser.isSignedIn()).toBe(true);
  });
});
