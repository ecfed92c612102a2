import type { Page } from "@playwright/test";
import { type Account, newAccount } from "./api/client";
import { expect, expectAccessible, newcomer, newTeam, openAccountMenu, store, test } from "./fixtures";
import { fill } from "./way-in";

const NEXT_PASSWORD = "another-long-password";
const WIDTHS = [320, 1440];

/** Signs in on the page that it was sent to the sign-in page from. */
async function signInTo(page: Page, path: string, account: Account): Promise<void> {
  await page.goto(path);
  await fill(page, account);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page).toHaveURL(path);
}

/** Holds at both widths: nothing that axe finds, and nothing beside the page. */
async function expectToFit(page: Page): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    await expectAccessible(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  }
}

test("a person finds their account, changes password and address, and ends sessions, by keyboard alone", async ({
  page,
  browser,
}) => {
  const person = await newcomer(page);
  const card = (name: string) => page.getByRole("region", { name, exact: true });

  // The header says who is signed in at every width.
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    const button = page.getByRole("button", { name: `Account: ${person.email}` });
    await button.focus();
    await page.keyboard.press("Enter");
    await expect(page.getByText("Signed in as")).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await expect(page.getByText("Signed in as")).toBeHidden();
    await expect(button).toBeFocused();
  }
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/account");
  await expect(page).toHaveTitle(/^Account/);
  await expectToFit(page);

  // The password, in one of two windows.
  const other = await (await browser.newContext()).newPage();
  await signInTo(other, "/account", person);
  await page.reload();
  await expect(card("Sessions").getByRole("listitem")).toHaveCount(2);
  const present = page.getByLabel("Current password", { exact: true });
  const next = page.getByLabel("New password", { exact: true });
  await present.focus();
  await page.keyboard.type("not-the-password");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await expect(present).toHaveAttribute("type", "text");
  await page.keyboard.press("Tab");
  await page.keyboard.type(NEXT_PASSWORD);
  await page.keyboard.press("Enter");
  await expect(card("Password").getByRole("alert")).toHaveText("Wrong password.");
  await expect(present).toBeFocused();
  await expect(present).toHaveAttribute("aria-invalid", "true");
  await expectAccessible(page);
  await present.fill(person.password);
  await next.fill("short");
  await page.keyboard.press("Enter");
  await expect(card("Password").getByRole("alert")).toContainText("too short");
  await expect(next).toBeFocused();
  await next.fill(NEXT_PASSWORD);
  await page.keyboard.press("Enter");
  await expect(page.getByText("Password changed. All other sessions are signed out.")).toBeVisible();
  await expect(next).toHaveValue("");
  await expect(card("Sessions").getByRole("listitem")).toHaveCount(1);
  await other.getByRole("button", { name: "Delete account" }).click();
  await expect(other.getByText("Your session has ended.")).toBeVisible();
  await expect(other.getByRole("link", { name: "Sign in" })).toHaveAttribute("href", "/login?next=account");

  // The address.
  const { email } = newAccount();
  await page.getByLabel("New e-mail").fill(email);
  await page.keyboard.press("Enter");
  await expect(card("E-mail").getByRole("status")).toContainText("Check both inboxes.");
  await page.reload();
  // Whether a change is pending would say whether the address has an account.
  await expect(card("E-mail").getByRole("status")).toBeEmpty();

  // The theme: that of the menu and that of the page are one.
  await card("Theme").getByRole("radio", { name: "System" }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
  await openAccountMenu(page);
  await expect(page.getByRole("radio", { name: "Light" }).first()).toBeChecked();
  await page.keyboard.press("Escape");

  // Signing out elsewhere, and everywhere.
  await signInTo(other, "/account", { email: person.email, password: NEXT_PASSWORD });
  await page.reload();
  await card("Sessions").getByRole("button", { name: "Sign out everywhere else" }).press("Enter");
  await expectToFit(page);
  await page
    .getByRole("alertdialog")
    .getByRole("button", { name: "Sign out everywhere else" })
    .press("Enter");
  await expect(card("Sessions").getByRole("listitem")).toHaveCount(1);
  await card("Sessions").getByRole("button", { name: "Sign out everywhere", exact: true }).press("Enter");
  await page.getByRole("alertdialog").getByRole("button", { name: "Sign out everywhere" }).press("Enter");
  await expect(page).toHaveURL("/login");
  await page.goBack();
  await expect(page).toHaveURL(/\/login/);
});

test("deleting an account hands over a team that needs an admin, and leaves nothing for the back button", async ({
  page,
  browser,
}) => {
  const person = await newcomer(page);
  const member = await (await browser.newContext()).newPage();
  const heir = await newcomer(member);
  const shared = await newTeam("Handed over", page, member);
  await newTeam("Ends with me", page);
  await store(page, "SHARED_KEY", "value-not-real", shared);
  await store(page, "OWN_KEY", "value-not-real");
  await page.goto("/account");
  await page.getByRole("button", { name: "Delete account" }).press("Enter");
  const dialog = page.getByRole("alertdialog", { name: "Delete your account?" });
  await expect(dialog).toContainText("This also deletes your 1 key and your activity.");
  await expect(dialog.getByRole("listitem")).toHaveText(["Ends with me (0 keys)"]);
  const choice = dialog.getByLabel("You're the only admin of Handed over (1 key). Who takes over?");
  await expect(choice).toBeFocused();
  await expectToFit(page);
  await choice.selectOption(heir.email);
  await dialog.getByLabel("Password", { exact: true }).fill("not-the-password");
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("alert")).toHaveText("Wrong password.");
  await dialog.getByLabel("Password", { exact: true }).fill(person.password);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/login?notice=account-deleted");
  await expect(page.getByText("Your account was deleted.")).toBeVisible();
  for (const go of [() => page.goBack(), () => page.goForward(), () => page.reload()]) {
    await go().catch(() => {});
    await expect(page).toHaveURL(/\/login/);
    await expect(page.locator("body")).not.toContainText(person.email);
  }
  await fill(page, person);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByText("Wrong e-mail")).toBeVisible();
  await member.goto(`/team?team=${shared}`);
  await expect(member.getByText("You're an admin of this team.")).toBeVisible();
});
