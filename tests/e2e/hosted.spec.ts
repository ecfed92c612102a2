import type { Page } from "@playwright/test";
import { TEST_PUBLISHABLE_KEY } from "../support/keys";
import { mailsTo, waitForMail } from "../support/mailbox";
import { NO_PLATFORM_KEY_PORT, NO_PLATFORM_KEY_URL, PROXY_URL } from "../support/ports";
import {
  type Account,
  as,
  cookiesFrom,
  expectOk,
  expectProblem,
  newAccount,
  newPerson,
  post,
  type Reply,
  send,
} from "./api/client";
import { expect, newKey, RevealPanel, receivedWith, test, VaultPanel } from "./fixtures";
import { fill } from "./way-in";

// Account, invitation and vault where Supabase answers as a hosted project does: see tests/support/hosted-auth.ts.
// tests/faults/hosted.spec.ts has what goes wrong there.

let clients = 0;
// Each test is a client of its own, whose address the app sends along with its secret key.
test.use({
  baseURL: NO_PLATFORM_KEY_URL,
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants it
  extraHTTPHeaders: async ({}, use, { parallelIndex }) => {
    await use({ "X-Real-IP": `198.51.${parallelIndex}.${++clients}` });
  },
});
const port = NO_PLATFORM_KEY_PORT;

const NEXT_PASSWORD = "another-long-test-password";
const CONFIRM = "Confirm your e-mail address";
const RECOVER = "Reset your password";
const CHANGE = "Confirm your new e-mail address";

/** Sends one of the forms on the way in, as its page does. */
const form = (path: string, fields: object) =>
  send(`/api/auth/${path}`, {
    ...{ port, method: "POST", body: new URLSearchParams({ ...fields }).toString() },
    headers: { "Content-Type": "application/x-www-form-urlencoded", Accept: "application/json" },
  });

/** The page of a link here; the embedded server's own mails name the first of the two servers. */
const pathOf = (link: string) => new URL(link).pathname + new URL(link).search;

/** Creates an account on the page. @returns the link in the mail */
async function createAccount(page: Page, account: Account): Promise<string> {
  await fill(page, account);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page).toHaveURL("/login?notice=sent");
  return pathOf((await waitForMail(account.email, CONFIRM)).link);
}

async function signIn(page: Page, account: Account): Promise<void> {
  await fill(page, account);
  await page.getByRole("button", { name: "Sign in" }).click();
}

async function confirmAddress(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByRole("button", { name: "Confirm address" }).click();
  await expect(page).toHaveURL("/login?notice=confirmed");
}

/** Somebody new, signed in on the page. */
async function arrive(page: Page): Promise<Account> {
  const account = await newPerson();
  await page.goto("/login");
  await signIn(page, account);
  await expect(page).toHaveURL("/dashboard");
  return account;
}

test("somebody signs up, confirms in another browser, signs in, and stores, reveals and uses a key", async ({
  page,
  browser,
}) => {
  const account = newAccount();
  await page.goto("/login?mode=sign-up");
  const link = await createAccount(page, account);
  // Until then, the right password opens nothing.
  expectProblem(await form("sign-in", account), 403, "email_not_confirmed");
  expect((await page.context().cookies()).filter(({ name }) => /auth-token(\.\d)?$/.test(name))).toEqual([]);

  const elsewhere = await (await browser.newContext({ baseURL: NO_PLATFORM_KEY_URL })).newPage();
  await confirmAddress(elsewhere, link);
  // A link is good once.
  await elsewhere.goto(link);
  await elsewhere.getByRole("button", { name: "Confirm address" }).click();
  await expect(elsewhere).toHaveURL("/login?notice=expired");
  await page.goto("/login");
  await signIn(page, account);
  await expect(page).toHaveURL("/dashboard");

  const [vault, reveal] = [new VaultPanel(page), new RevealPanel(page)];
  const key = newKey();
  await vault.add("ANTHROPIC_API_KEY", key);
  await vault.show("ANTHROPIC_API_KEY");
  await expect(vault.value("ANTHROPIC_API_KEY")).toHaveText(key);
  await reveal.run();
  await expect(reveal.answer).toBeVisible();
  expect(await receivedWith(key)).toHaveLength(1);
  // Sessions are signed with a key of the project's set.
  const { keys } = await (await fetch(`${PROXY_URL}/auth/v1/.well-known/jwks.json`)).json();
  expect(keys).toEqual([expect.objectContaining({ kty: "EC", crv: "P-256", alg: "ES256" })]);
});

test("a sign-up with a taken address gets the answer of a new one, and its owner no mail", async () => {
  const [taken, other] = [await newPerson(), newAccount()];
  const [again, first] = [
    await form("sign-up", { ...taken, password: NEXT_PASSWORD }),
    await form("sign-up", other),
  ];
  expect(again.status).toBe(200);
  const names = (reply: Reply) => cookiesFrom(reply).replace(/=[^;]*|[0-9a-f]{32}/g, "");
  expect([again.json, names(again)]).toEqual([first.json, names(first)]);
  await waitForMail(other.email, CONFIRM);
  expect(await mailsTo(taken.email)).toEqual([]);
  expectProblem(await form("sign-in", { ...taken, password: NEXT_PASSWORD }), 401, "invalid_credentials");
  expect((await form("sign-in", { email: taken.email, password: taken.password })).status).toBe(200);
});

test("a second sign-up within a minute is a mail too many, and neither account nor link is lost", async () => {
  const account = newAccount();
  expect((await form("sign-up", account)).status).toBe(200);
  expectProblem(await form("sign-up", account), 429, "too_many_emails");
  const { link } = await waitForMail(account.email, CONFIRM);
  const opened = await form("links", Object.fromEntries(new URL(link).searchParams));
  expect(opened.headers.location).toBe("/login?notice=confirmed");
  expect((await form("sign-in", account)).json).toEqual({ to: "/dashboard" });
});

/** What Supabase's own templates would have for a link. */
const theirs = (link: string) => {
  const { token_hash, type } = Object.fromEntries(new URL(link, NO_PLATFORM_KEY_URL).searchParams);
  const redirect_to = `${NO_PLATFORM_KEY_URL}/auth/confirm`;
  return `${PROXY_URL}/auth/v1/verify?${new URLSearchParams({ token: token_hash ?? "", type: type ?? "", redirect_to })}`;
};

test("a link of Supabase's own templates signs in where it was asked for, once", async ({ page }) => {
  const account = newAccount();
  await page.goto("/login?mode=sign-up");
  const link = theirs(await createAccount(page, account));
  await page.goto(link);
  await expect(page).toHaveURL("/dashboard");
  await page.context().clearCookies();
  await page.goto(link);
  await expect(page).toHaveURL("/login?notice=expired");
});

test("a link of Supabase's own templates confirms in another browser, and signs nobody in there", async ({
  page,
  browser,
}) => {
  const account = newAccount();
  await page.goto("/login?mode=sign-up");
  const link = await createAccount(page, account);
  const elsewhere = await (await browser.newContext({ baseURL: NO_PLATFORM_KEY_URL })).newPage();
  await elsewhere.goto(theirs(link));
  await expect(elsewhere).toHaveURL("/login?notice=elsewhere");
  await signIn(elsewhere, account);
  await expect(elsewhere).toHaveURL("/dashboard");
});

for (const where of ["the same", "another"] as const) {
  test(`an invitation to somebody without an account leads over the confirmation in ${where} browser`, async ({
    page,
    context,
    browser,
  }) => {
    const { email, password } = await newPerson();
    const admin = as({ cookie: cookiesFrom(await form("sign-in", { email, password })) });
    const { id } = expectOk(await admin("/api/teams", { ...post({ name: "Hosted team" }), port }), 201);
    const invited = await admin(`/api/teams/${id}/invites`, { ...post({ role: "member" }), port });
    const invitation: string = expectOk(invited, 201).url;

    const account = newAccount();
    await page.goto(invitation);
    await page.getByRole("link", { name: "Create an account" }).click();
    const link = await createAccount(page, account);
    const there = where === "the same" ? context : await browser.newContext({ baseURL: NO_PLATFORM_KEY_URL });
    const tab = await there.newPage();
    await confirmAddress(tab, link);
    await signIn(tab, account);
    if (where === "another") {
      // The invitation's secret is in the browser that opened it, or in the link itself.
      await expect(tab).toHaveURL("/dashboard");
      await tab.goto(invitation);
    }
    await expect(tab.getByRole("heading", { name: "Join Hosted team" })).toBeVisible();
    await tab.getByRole("button", { name: "Join", exact: true }).click();
    await expect(tab).toHaveURL(`/dashboard?team=${id}`);
  });
}

test("a forgotten password is replaced by its link, which also confirms an address", async ({ page }) => {
  const account = newAccount();
  expect((await form("sign-up", account)).status).toBe(200);
  expect((await form("forgot-password", account)).status).toBe(200);
  const { link } = await waitForMail(account.email, RECOVER);
  await page.goto(pathOf(link));
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page).toHaveURL("/new-password");
  await page.getByLabel("New password").fill(NEXT_PASSWORD);
  await page.getByRole("button", { name: "Set new password" }).click();
  await expect(page).toHaveURL("/login?notice=password-changed");
  expectProblem(await form("sign-in", account), 401, "invalid_credentials");
  await signIn(page, { ...account, password: NEXT_PASSWORD });
  await expect(page).toHaveURL("/dashboard");
  // It was good once.
  await page.goto(pathOf(link));
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page).toHaveURL("/login?notice=reset-expired");
});

test("an address changes once both addresses have agreed, and the password in between", async ({ page }) => {
  const { email, password } = await arrive(page);
  const next = newAccount().email;
  await page.goto("/account");
  await page.getByLabel("New e-mail").fill(next);
  await page.keyboard.press("Enter");
  const [present, future] = await Promise.all([waitForMail(email, CHANGE), waitForMail(next, CHANGE)]);
  await page.getByLabel("Current password", { exact: true }).fill(password);
  await page.getByLabel("New password", { exact: true }).fill(NEXT_PASSWORD);
  await page.keyboard.press("Enter");
  await expect(page.getByText("Password changed. All other sessions are signed out.")).toBeVisible();
  for (const [mail, notice] of [
    [future, "email-half-changed"],
    [present, "email-changed"],
  ] as const) {
    const opened = await form("links", Object.fromEntries(new URL(mail.link).searchParams));
    expect(opened.headers.location).toBe(`/login?notice=${notice}`);
  }
  expect((await form("sign-in", { email: next, password: NEXT_PASSWORD })).json).toEqual({
    to: "/dashboard",
  });
  expectProblem(await form("sign-in", { email, password: NEXT_PASSWORD }), 401, "invalid_credentials");
});

test("a session of another project opens nothing", async () => {
  const { email, password } = await newPerson();
  const signedIn = await form("sign-in", { email, password });
  const ask = (cookie: string) => as({ cookie })("/api/vault", { port });
  expectOk(await ask(cookiesFrom(signedIn)));
  const stored = cookiesFrom(signedIn)
    .split("; ")
    .filter((cookie) => /auth-token(\.\d)?=/.test(cookie))
    .map((cookie) => cookie.slice(cookie.indexOf("=") + 1))
    .join("");
  const session = JSON.parse(Buffer.from(stored.replace("base64-", ""), "base64url").toString());
  const [header, claims] = session.access_token.split(".");
  expect(JSON.parse(Buffer.from(header, "base64url").toString())).toMatchObject({ alg: "ES256" });
  const forged = {
    ...session,
    access_token: `${header}.${claims}.${Buffer.alloc(64, 7).toString("base64url")}`,
  };
  const cookie = `sb-127-auth-token=base64-${Buffer.from(JSON.stringify(forged)).toString("base64url")}`;
  expectProblem(await ask(cookie), 401, "unauthenticated");
  const direct = await fetch(`${PROXY_URL}/auth/v1/user`, {
    headers: { apikey: TEST_PUBLISHABLE_KEY, Authorization: `Bearer ${forged.access_token}` },
  });
  expect([direct.status, (await direct.json()).error_code]).toEqual([403, "bad_jwt"]);
});
