import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test as base, type Page } from "@playwright/test";
import { as, confirmationOf, newAccount, post, sessionCookie } from "../e2e/api/client";
import { expect, expectAccessible, signOut } from "../e2e/fixtures";
import { fill } from "../e2e/way-in";
import { TEST_PUBLISHABLE_KEY } from "../support/keys";
import { waitForMail } from "../support/mailbox";
import { APP_URL, SUPABASE_URL } from "../support/ports";
import { dataFolder, fillWithTemplate, ROOT, startApp, startDatabase } from "./servers";

// Invitations where addresses have to be confirmed, as in a hosted project: the mail's link opens another tab.

const test = base.extend<object, { confirming: undefined }>({
  // Other ports in each worker, which the configuration cannot know.
  baseURL: APP_URL,
  confirming: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright wants it
    async ({}, use) => {
      const [folder, settings] = [dataFolder(), dataFolder()];
      fillWithTemplate(folder.path);
      const config = readFileSync(join(ROOT, "supabase/config.toml"), "utf8")
        .replace("enable_confirmations = false", "enable_confirmations = true")
        .replaceAll('"./supabase/', `"${ROOT}/supabase/`);
      expect(config).toContain("enable_confirmations = true");
      const file = join(settings.path, "config.toml");
      writeFileSync(file, config);
      const database = await startDatabase(folder.path, [], file);
      const app = await startApp(SUPABASE_URL);
      await use(undefined);
      await app.kill();
      await database.kill();
      folder.remove();
      settings.remove();
    },
    { scope: "worker", auto: true, timeout: 300_000 },
  ],
});

/** An invite link of an admin who has confirmed their address. */
async function newInvitation(): Promise<string> {
  const account = newAccount();
  const ask = (path: string, body: object) =>
    fetch(`${SUPABASE_URL}/auth/v1/${path}`, {
      method: "POST",
      headers: { apikey: TEST_PUBLISHABLE_KEY, "Content-Type": "application/json" },
      body: JSON.stringify(body),
    }).then((reply) => reply.json());
  await ask("signup", account);
  const { link } = await waitForMail(account.email);
  const session = await ask("verify", Object.fromEntries(new URL(link).searchParams));
  const confirmation = confirmationOf({ id: session.user.id, session });
  const admin = as({ cookie: `${sessionCookie({ ...session, expires_at: Date.now() })}; ${confirmation}` });
  const { json: team } = await admin("/api/teams", post({ name: "Test team" }));
  const { json: invite } = await admin(`/api/teams/${team.id}/invites`, post({ role: "member" }));
  return invite.url;
}

/** Opens an invitation, and creates an account for it. @returns the link in the mail */
async function createAccount(page: Page, invitation: string, account = newAccount()) {
  await page.goto(invitation);
  await page.getByRole("link", { name: "Create an account" }).click();
  await fill(page, account);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByText("Check your e-mail.")).toBeVisible();
  return { account, link: (await waitForMail(account.email)).link };
}

/** Uses the link of a mail up, as another browser does. */
async function confirm(link: string): Promise<void> {
  const body = new URLSearchParams(new URL(link).search);
  const reply = await fetch(`${APP_URL}/api/auth/links`, { method: "POST", body, redirect: "manual" });
  expect(reply.headers.get("location")).toBe("/login?notice=confirmed-invited");
}

/** Signs in on the page that a confirmed address leads to. */
async function signIn(page: Page, { email, password }: { email: string; password: string }) {
  await page.getByRole("button", { name: "Confirm address" }).click();
  await expect(page.getByText("Your e-mail address is confirmed.")).toBeVisible();
  await fill(page, { email, password });
  await page.getByRole("button", { name: "Sign in" }).click();
}

test("an invitation is there again after the e-mail's link was opened in a new tab", async ({
  page,
  context,
}) => {
  const invitation = await newInvitation();
  const { account, link } = await createAccount(page, invitation);
  // A scanner's.
  await fetch(link);
  await page.close();
  const tab = await context.newPage();
  await tab.goto(link);
  await expect(tab.getByRole("heading")).toHaveText("Confirm your e-mail address");
  await expectAccessible(tab);
  await signIn(tab, account);
  await expect(tab.getByRole("heading", { name: "Join Test team" })).toBeVisible();
  // What has led here is used up.
  expect(await tab.evaluate(() => JSON.stringify({ ...localStorage }) + document.cookie)).not.toMatch(
    /invite/,
  );
  await tab.getByRole("button", { name: "Join", exact: true }).click();
  await expect(tab).toHaveURL(/\/dashboard\?team=/);
});

test("another browser than the one that signed up says how to get back to the invitation", async ({
  page,
  browser,
}) => {
  const invitation = await newInvitation();
  const { account, link } = await createAccount(page, invitation);
  const elsewhere = await (await browser.newContext({ baseURL: APP_URL })).newPage();
  await elsewhere.goto(link);
  await elsewhere.getByRole("button", { name: "Confirm address" }).click();
  await expect(
    elsewhere.getByText("Sign in, then open the link in your invitation again to join the team."),
  ).toBeVisible();
  await fill(elsewhere, account);
  await elsewhere.getByRole("button", { name: "Sign in" }).click();
  await expect(elsewhere).toHaveURL("/dashboard");
  await elsewhere.goto(invitation);
  await elsewhere.getByRole("button", { name: "Join", exact: true }).click();
  await expect(elsewhere).toHaveURL(/\/dashboard\?team=/);
});

test("nobody hears of an invitation who signed up without one", async ({ page, browser }) => {
  const account = newAccount();
  await page.goto("/login?mode=sign-up");
  await fill(page, account);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByText("Check your e-mail.")).toBeVisible();
  const elsewhere = await (await browser.newContext({ baseURL: APP_URL })).newPage();
  await elsewhere.goto((await waitForMail(account.email)).link);
  await signIn(elsewhere, account);
  await expect(elsewhere).toHaveURL("/dashboard");
});

test("an invitation is forgotten after an hour, and at sign-out", async ({ page, context }) => {
  const { account, link } = await createAccount(page, await newInvitation());
  await confirm(link);
  const hourLater = () => {
    const kept = JSON.parse(localStorage.getItem("invite") ?? "{}");
    localStorage.setItem("invite", JSON.stringify({ ...kept, until: Date.now() - 1 }));
  };
  await page.evaluate(hourLater);
  await fill(page, account);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Open your link again" })).toBeVisible();
  const cookies = async () => (await context.cookies()).map(({ name }) => name);
  expect(await cookies()).not.toContain("invite-pending");
  await page.goto("/dashboard");
  await context.addCookies([{ name: "invite-pending", value: "1", url: APP_URL }]);
  await signOut(page);
  await expect(page).toHaveURL("/login");
  expect(await cookies()).not.toContain("invite-pending");
});
