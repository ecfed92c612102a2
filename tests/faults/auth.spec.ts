import { expect } from "@playwright/test";
import {
  as,
  cookiesFrom,
  expectProblem,
  newAccount,
  newPerson,
  type Person,
  post,
  send,
  sessionCookie,
} from "../e2e/api/client";
import { enter, expectAccessible, newKey, receivedWith, signOut } from "../e2e/fixtures";
import { PLATFORM_KEY } from "../support/keys";
import { waitForMail } from "../support/mailbox";
import { afterChanges, logOf, test } from "./broken";
import type { Fault } from "./fault-proxy";

// The auth server out of reach: nobody is let in, and nobody is sent away to sign in, which would not work either.

const FAULTS: Fault[] = [
  ...(["down", "silent", "error", "cut", "garbage"] as const),
  ...(["limited", "conflict", "paused", "of another project"] as const),
];
const REQUESTS: [string, ReturnType<typeof post>?][] = [
  ["/api/vault"],
  ["/api/vault?key=ANTHROPIC_API_KEY&reveal=true"],
  ["/api/vault", post({ key: "ANTHROPIC_API_KEY", value: "sk-ant-test-late" })],
  ["/api/teams"],
  ["/api/usage"],
  ["/api/webhooks"],
  ["/api/reveal/run", post({ prompt: "Hello" })],
];

for (const fault of FAULTS) {
  test(`signed-in people are told, and stay signed in, while the auth server is ${fault}`, async ({
    broken,
  }) => {
    const { app, proxy } = broken;
    const person = await newPerson();
    const ask = as(person);
    const mine = newKey();
    expect((await ask("/api/vault", post({ key: "ANTHROPIC_API_KEY", value: mine }))).status).toBe(201);
    await afterChanges(broken, person, 1);
    proxy.heal();
    proxy.fail("auth", fault);
    const log = await logOf(app, async () => {
      for (const reply of await Promise.all(REQUESTS.map(([path, sending]) => ask(path, sending)))) {
        expectProblem(reply, 503, "auth_unavailable");
        expect(reply.headers["set-cookie"]).toBeUndefined();
      }
    });
    expect(log.map(({ code, status }) => `${code} ${status}`)).toEqual(
      REQUESTS.map(() => "auth_unavailable 503"),
    );
    // The database was not even asked, nor the provider.
    expect(proxy.seen().filter((request) => request.includes("/rest/"))).toEqual([]);
    expect(await receivedWith(PLATFORM_KEY)).toEqual([]);
    proxy.heal();
    expect((await ask("/api/vault?key=ANTHROPIC_API_KEY&reveal=true")).json.value).toBe(mine);
  });
}

/** The same session, but with an access token that has to be renewed. */
function hourLater(person: Person): Person {
  const [, value = ""] = /sb-127-auth-token=base64-([^;]+)/.exec(person.cookie) ?? [];
  const session = JSON.parse(Buffer.from(value, "base64url").toString());
  return { ...person, cookie: sessionCookie({ ...session, expires_at: 1 }) };
}

for (const fault of FAULTS) {
  test(`a session that cannot be renewed because the auth server is ${fault} goes on afterwards`, async ({
    broken: { proxy },
  }) => {
    const person = await newPerson();
    const ask = as(hourLater(person));
    const renewals = () => proxy.seen().filter((request) => request.includes("grant_type=refresh_token"));
    // Without an answer, there is no time for a second try.
    const tries = fault === "silent" ? 1 : 2;
    proxy.failWhere("auth", fault, /grant_type=refresh_token/);
    const reply = await ask("/api/vault");
    // The auth server limits renewals by the client's address, so that's no failure of the server.
    if (fault === "limited") expectProblem(reply, 429, "too_many_requests");
    else expectProblem(reply, 503, "auth_unavailable");
    expect(renewals()).toHaveLength(tries);
    // The proxy in front of the page tells it what it has found out.
    const page = await ask("/dashboard");
    expect(page.status).toBe(500);
    expect(renewals()).toHaveLength(2 * tries);
    for (const { headers } of [reply, page]) expect(headers["set-cookie"]).toBeUndefined();
    proxy.heal();
    const healed = await ask("/api/vault");
    expect(healed.status).toBe(200);
    expect(String(healed.headers["set-cookie"])).toContain("sb-127-auth-token=base64-");
    expect(renewals()).toHaveLength(1);
  });
}

test("a session whose renewal meets one fault is renewed all the same", async ({ broken: { proxy } }) => {
  const ask = as(hourLater(await newPerson()));
  proxy.failOnce("auth", "conflict", /grant_type=refresh_token/);
  expect((await ask("/api/vault")).status).toBe(200);
});

test("pages say so, and go on with a click", async ({ broken: { proxy }, page, context }) => {
  const person = await newPerson();
  await enter(context, person);
  proxy.fail("auth", "down");
  for (const path of ["/dashboard", "/activity", "/usage", "/login"]) {
    await page.goto(path);
    await expect(page.getByRole("heading")).toHaveText("This page can't be shown right now");
    expect(new URL(page.url()).pathname).toBe(path);
  }
  await expectAccessible(page);
  await page.goto("/");
  await expect(page).toHaveURL("/dashboard");
  await expect(page.getByRole("heading")).toHaveText("This page can't be shown right now");
  proxy.heal();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("region", { name: "Your keys" })).toBeVisible();
});

test("signing in and signing up say so, keep the address, and work afterwards", async ({
  broken: { app, proxy },
  page,
}) => {
  const account = newAccount();
  await page.goto("/login?mode=sign-up");
  for (const fault of ["down", "error", "garbage"] as const) {
    proxy.fail("auth", fault);
    await page.getByLabel("E-mail").fill(account.email);
    await page.getByLabel("Password").fill(account.password);
    const log = await logOf(app, async () => {
      await page.getByRole("button", { name: "Create account" }).click();
      await expect(page.locator("#login-error")).toHaveText(
        "Sign-in isn't available right now. Try again in a moment.",
      );
    });
    expect(log).toMatchObject([{ code: "auth_unavailable", status: 503 }]);
    await expect(page.getByLabel("E-mail")).toHaveValue(account.email);
    proxy.heal();
    await page.reload();
  }
  await page.getByLabel("E-mail").fill(account.email);
  await page.getByLabel("Password").fill(account.password);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.waitForURL("**/dashboard");
});

const UNCONFIRMED =
  "the sign-in server didn't confirm it. If someone copied your session, it may work until it expires.";

for (const fault of ["down", "silent", "error", "garbage", "limited"] as const) {
  test(`a sign-out that is not confirmed says so, and is carried out later (${fault})`, async ({
    broken: { app, proxy },
    page,
    context,
  }) => {
    const person = await newPerson();
    await enter(context, person);
    await page.goto("/dashboard");
    proxy.failWhere("auth", fault, /\/logout/);
    const log = await logOf(app, async () => {
      await signOut(page);
      await expect(page.getByRole("alert").filter({ hasText: UNCONFIRMED })).toBeVisible();
    });
    expect(log).toMatchObject([{ code: "auth_unavailable", status: 503 }]);
    expect((await context.cookies()).filter(({ name }) => name.endsWith("auth-token"))).toEqual([]);
    await expectAccessible(page);
    // A copy of the session is still one, until the auth server answers again.
    expect((await as(person)("/api/vault")).status).toBe(200);
    proxy.heal();
    await expect.poll(async () => (await as(person)("/api/vault")).status).toBe(401);
  });
}

test("a sign-out with an expired access token waits for its renewal, too", async ({ broken: { proxy } }) => {
  const signOut = (cookie: string) => as({ cookie })("/api/auth/sign-out", { method: "POST" });
  const expired = (session: object) => sessionCookie({ ...session, expires_at: 1 });
  const person = await newPerson();
  const confirmed = await signOut(expired(person.session));
  expect([confirmed.status, confirmed.headers.location]).toEqual([303, "/login"]);
  expectProblem(await as(person)("/api/vault"), 401, "unauthenticated");

  const other = await newPerson();
  proxy.failWhere("auth", "error", /\/token/);
  const unconfirmed = await signOut(expired(other.session));
  expect([unconfirmed.status, unconfirmed.headers.location]).toEqual([
    303,
    "/login?notice=sign-out-unconfirmed",
  ]);
  expect(String(unconfirmed.headers["set-cookie"])).toMatch(/^sb-127-auth-token=;.*Expires=Thu, 01 Jan 1970/);
  expect((await as(other)("/api/vault")).status).toBe(200);
  proxy.heal();
  await expect.poll(async () => (await as(other)("/api/vault")).status).toBe(401);
});

/** Sends a form as a browser without scripts does. */
const submit = (path: string, fields: Record<string, string>, headers = {}) =>
  send(path, {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded", ...headers },
    body: new URLSearchParams(fields).toString(),
  });

const LINK_FAULTS = ["down", "error", "garbage", "limited"] as const;

test("a link that cannot be checked is called neither expired nor confirmed, and is not used up", async ({
  broken: { app, proxy },
}) => {
  const verifier = `sb-127-auth-token-code-verifier=base64-${Buffer.from('"not-real"').toString("base64url")}`;
  const tokenHash = "0".repeat(56);
  const openings = [
    () => send(`/auth/confirm?code=${crypto.randomUUID()}`, { headers: { Cookie: verifier } }),
    () => submit("/api/auth/links", { token_hash: tokenHash, type: "signup" }),
    () => submit("/api/auth/links", { token_hash: tokenHash, type: "recovery" }),
  ];
  for (const [index, open] of openings.entries()) {
    for (const fault of LINK_FAULTS) {
      proxy.fail("auth", fault);
      const log = await logOf(app, async () => {
        const { status, headers } = await open();
        expect([status, headers.location]).toEqual([303, "/login?notice=unanswered"]);
        // With it gone, the link would be worth nothing.
        expect(headers["set-cookie"]).toBeUndefined();
      });
      expect(log.length).toBe(fault === "limited" ? 0 : 1);
    }
    proxy.heal();
    const notice = ["invalid", "expired", "reset-expired"][index];
    expect((await open()).headers.location).toBe(`/login?notice=${notice}`);
  }
});

const AS_JSON = { Accept: "application/json" };
const NEW_PASSWORD = "another-long-test-password";

/** Opens the link to a new password that was mailed; what it gives sets that password. */
async function openLink({ email }: Person) {
  const { link } = await waitForMail(email);
  const spent = await submit("/api/auth/links", Object.fromEntries(new URL(link).searchParams));
  const headers = { ...AS_JSON, Cookie: cookiesFrom(spent) };
  return () => submit("/api/auth/new-password", { email, password: NEW_PASSWORD }, headers);
}

test("a new password says so while the auth server is away, and ends every session once it answers", async ({
  broken: { app, proxy },
}) => {
  const person = await newPerson();
  const ask = () => submit("/api/auth/forgot-password", { email: person.email }, AS_JSON);
  for (const fault of LINK_FAULTS) {
    proxy.fail("auth", fault);
    const log = await logOf(app, async () => expectProblem(await ask(), 503, "auth_unavailable"));
    expect(log).toMatchObject([{ code: "auth_unavailable", status: 503 }]);
    proxy.heal();
  }
  expect((await ask()).status).toBe(200);
  const set = await openLink(person);
  for (const fault of ["down", "error", "garbage"] as const) {
    proxy.fail("auth", fault);
    expectProblem(await set(), 503, "auth_unavailable");
    proxy.heal();
    proxy.failWhere("auth", fault, /\/user/);
    expectProblem(await set(), 503, "auth_unavailable");
    proxy.heal();
  }
  expect((await as(person)("/api/vault")).status).toBe(200);
  proxy.failWhere("auth", "error", /\/logout/);
  const unconfirmed = await set();
  expect(unconfirmed.json).toEqual({ to: "/login?notice=password-unconfirmed" });
  proxy.heal();
  await expect.poll(async () => (await as(person)("/api/vault")).status).toBe(401);
});

test("a new password whose answer is lost ends the other sessions, and can be set again", async ({
  broken: { proxy },
}) => {
  const person = await newPerson();
  await submit("/api/auth/forgot-password", { email: person.email }, AS_JSON);
  const set = await openLink(person);
  proxy.failOnce("auth", "cut", /PUT .*\/user/);
  const unknown = await set();
  expectProblem(unknown, 503, "auth_unavailable");
  expect(unknown.json.detail).toContain("didn't confirm whether your password was set");
  expect((await as(person)("/api/vault")).status).toBe(401);
  const changed = { email: person.email, password: NEW_PASSWORD };
  const entered = await submit("/api/auth/sign-in", changed, AS_JSON);
  expect(entered.status).toBe(200);
  for (const fault of ["down", "error", "garbage"] as const) {
    proxy.failOnce("auth", fault, /PUT .*\/user/);
    expectProblem(await set(), 503, "auth_unavailable");
  }
  expect((await set()).json).toEqual({ to: "/login?notice=password-kept" });
  expect((await as({ cookie: cookiesFrom(entered) })("/api/vault")).status).toBe(401);
});
