import { type Account, newAccount } from "./api/client";
import {
  test as base,
  expect,
  expectAccessible,
  newTeam,
  openAccountMenu,
  signOut,
  signUp,
} from "./fixtures";

/** Unlike elsewhere, `account` is made on the page. */
const test = base.extend<{ account: Account }>({
  account: async ({ page }, use) => {
    await use(await signUp(page));
  },
});

test.describe("a stranger", () => {
  for (const path of ["/", "/dashboard"]) {
    test(`is sent from ${path} to the login page`, async ({ page }) => {
      await page.goto(path);
      await expect(page).toHaveURL("/login");
    });
  }

  test("finds both forms accessible, with an error too", async ({ page }) => {
    await page.goto("/login");
    await expectAccessible(page);
    await page.goto("/login?mode=sign-up");
    await page.getByLabel("E-mail").fill(newAccount().email);
    await page.getByLabel("Password").fill("short");
    await page.getByRole("button", { name: "Create account" }).click();
    await expect(page.getByText("The password is too short. Use at least 10 characters.")).toBeVisible();
    await expectAccessible(page);
  });
});

test("somebody who is signed in is sent from / to the dashboard", async ({ account: _, page }) => {
  await page.goto("/");
  await expect(page).toHaveURL("/dashboard");
});

test("signing up with a taken e-mail says so and changes nothing", async ({ page, browser }) => {
  const account = await signUp(page);
  const other = await (await browser.newContext()).newPage();
  await other.goto("/login?mode=sign-up");
  await other.getByLabel("E-mail").fill(account.email);
  await other.getByLabel("Password").fill("another-long-password");
  await other.getByRole("button", { name: "Create account" }).click();
  await expect(other.getByText("There's already an account with this e-mail address.")).toBeVisible();
  await expect(other.getByLabel("E-mail")).toHaveValue(account.email);
});

test("signing in works with the right password only", async ({ page, account }) => {
  await signOut(page);
  await page.waitForURL("**/login");
  await page.getByLabel("E-mail").fill(account.email);
  await page.getByLabel("Password").fill("not-the-password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("Wrong e-mail or password.")).toBeVisible();
  await page.getByLabel("Password").fill(account.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/dashboard");
});

test("the session cookie is out of reach of scripts and of other sites", async ({ page, account }) => {
  expect(account.email).toBeTruthy();
  const cookies = (await page.context().cookies()).filter((cookie) => cookie.name.startsWith("sb-"));
  expect(cookies.length).toBeGreaterThan(0);
  for (const cookie of cookies) {
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
  }
  expect(await page.evaluate(() => document.cookie)).not.toContain("sb-");
});

test("after signing out, neither the back button nor a copied cookie opens anything", async ({
  page,
  account,
  playwright,
  baseURL,
}) => {
  expect(account.email).toBeTruthy();
  const copied = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const thief = await playwright.request.newContext({ baseURL, extraHTTPHeaders: { cookie: copied } });
  expect((await thief.get("/api/vault")).status()).toBe(200);

  await signOut(page);
  await page.waitForURL("**/login");
  expect((await thief.get("/api/vault")).status()).toBe(401);
  await page.goBack();
  await expect(page).toHaveURL("/login");
  await expect(page.locator("body")).not.toContainText(account.email);
});

test("the theme follows the system until one is chosen, which a reload keeps", async ({ page, account }) => {
  expect(account.email).toBeTruthy();
  const isDark = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.emulateMedia({ colorScheme: "light" });
  const light = await isDark();
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await isDark();
  expect(dark).not.toBe(light);
  await openAccountMenu(page);
  await page.getByRole("radio", { name: "Light" }).check();
  expect(await isDark()).toBe(light);
  await page.reload();
  expect(await isDark()).toBe(light);
  await openAccountMenu(page);
  await page.getByRole("radio", { name: "System" }).check();
  expect(await isDark()).toBe(dark);
});

test("signing in again leads back to where one was, and nowhere else", async ({ page, account }) => {
  const team = await newTeam("Way back", page);
  for (const path of [`/usage?team=${team}`, `/team?team=${team}`, "/activity", "/account"]) {
    await page.context().clearCookies();
    await page.goto(path);
    await expect(page).toHaveURL(/\/login\?next=/);
    await page.getByRole("link", { name: "Create an account" }).click();
    await expect(page.getByRole("heading", { name: "Create your account" })).toBeVisible();
    await page.getByRole("link", { name: "Sign in" }).click();
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
    await page.getByLabel("E-mail").fill(account.email);
    await page.getByLabel("Password").fill(account.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page).toHaveURL(path);
  }
  for (const hostile of [
    "next=//evil.example",
    "next=__proto__",
    "next=team&team=//evil.example",
    "next=usage&next=x",
  ]) {
    await page.goto(`/login?${hostile}`);
    await expect(page).toHaveURL(/\/\/localhost:\d+\/(dashboard|usage)$/);
  }
});
