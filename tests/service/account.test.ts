import { describe, expect, it, vi } from "vitest";
import { another, Browser, mails, newPerson, PASSWORD, person, routes } from "./account-harness.ts";

const NEXT_PASSWORD = "another-long-password";

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
