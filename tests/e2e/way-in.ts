import type { Page } from "@playwright/test";
import { type Account, as, newAccount } from "./api/client";
import { expect, signOut } from "./fixtures";

/** Where signing in leads. */
export const SIGNED_IN = "/dashboard";

/** Fills the form to sign in or up. */
export async function fill(page: Page, { email, password }: Account): Promise<void> {
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(password);
}

/** The `Cookie` header of a browser. */
const cookiesOf = async (page: Page) =>
  (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");

/** Signs up, out and in again, and makes sure each time that it has really happened. */
export async function goThrough(page: Page, origin = ""): Promise<void> {
  const account = newAccount();
  const isAt = (path: string) => expect(page).toHaveURL(`${origin}${path}`);
  // Scripts may be late on every page, and nobody waits for them.
  await page.goto(`${origin}/login?mode=sign-up`, { waitUntil: "commit" });
  await fill(page, account);
  await page.getByRole("button", { name: "Create account" }).click({ noWaitAfter: true });
  await isAt(SIGNED_IN);
  const cookie = await cookiesOf(page);
  expect((await as({ cookie })("/api/vault")).status).toBe(200);
  await signOut(page);
  await isAt("/login");
  expect((await as({ cookie })("/api/vault")).status).toBe(401);
  expect(await cookiesOf(page)).not.toMatch(/auth-token=/);
  await fill(page, account);
  await page.getByRole("button", { name: "Sign in" }).click({ noWaitAfter: true });
  await isAt(SIGNED_IN);
  expect((await as({ cookie: await cookiesOf(page) })("/api/vault")).status).toBe(200);
}

/** Holds a page's scripts back until the function that it gives is called. */
export async function holdScripts(page: Page): Promise<() => void> {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  await page.route("**/_next/static/**/*.js", async (route) => {
    await released;
    await route.continue().catch(() => {});
  });
  return release;
}

/**
 * Waits until the page has nothing left to do. A dialog listens for Escape only a moment after it has the focus; until then,
 * the one below it does.
 */
export const idle = (page: Page) =>
  page.evaluate(() => new Promise<void>((resolve) => requestIdleCallback(() => resolve())));
