import type { Page } from "@playwright/test";
import { startWebhookReceiver } from "../support/webhook-receiver";
import { insertRows, newPerson, newTeam, type Person } from "./api/client";
import {
  test as base,
  expect,
  expectAccessible,
  newcomer,
  newValue,
  VAULT_PAGE,
  VaultPanel,
  WebhookPanel,
} from "./fixtures";
import { idle } from "./way-in";

const KEY = "OPENAI_API_KEY";

/** `person` is on the dashboard with one secret, and has entered their password too long ago. */
const test = base.extend<{ person: Person; value: string; vault: VaultPanel }>({
  person: async ({ page }, use) => use(await newcomer(page)),
  value: async ({ page, person: _ }, use) => {
    const value = newValue();
    await new VaultPanel(page).add(KEY, value);
    await expire(page);
    await use(value);
  },
  vault: async ({ page, value: _ }, use) => use(new VaultPanel(page)),
});

const expire = (page: Page) => page.context().clearCookies({ name: "vault-confirmed" });
const question = (page: Page) => page.getByRole("dialog", { name: "Confirm it's you" });

async function confirm(page: Page, { password }: Pick<Person, "password">): Promise<void> {
  await question(page).getByLabel("Password").fill(password);
  await page.keyboard.press("Enter");
  await expect(question(page)).toBeHidden();
}

test("the password is asked for once, by the keyboard alone, and then everything works", async ({
  page,
  context,
  person,
  value,
  vault,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const more = vault.more(KEY);
  const show = async () => {
    await more.press("Enter");
    await expect(page.getByRole("menuitem", { name: "Show" })).toBeFocused();
    await page.keyboard.press("Enter");
  };
  const password = question(page).getByLabel("Password");
  await show();
  await expect(password).toBeFocused();
  await expect(question(page)).toContainText(person.email);
  // Who says no has been told nothing, and is where they were.
  await idle(page);
  await page.keyboard.press("Escape");
  await expect(question(page)).toBeHidden();
  await expect(more).toBeFocused();
  await expect(page.locator("[data-sonner-toast]")).toHaveCount(0);

  await show();
  await expect(password).toBeFocused();
  await page.keyboard.type("not-the-password");
  await page.keyboard.press("Enter");
  await expect(question(page).getByRole("alert")).toHaveText("Wrong password.");
  await expect(password).toBeFocused();
  await expect(password).toHaveAttribute("aria-invalid", "true");
  await expect(password).toHaveAccessibleDescription("Wrong password.");
  for (const width of [320, 1440]) {
    await page.setViewportSize({ width, height: 800 });
    await expectAccessible(page);
    const overflow = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
    expect(await page.evaluate(overflow)).toBe(0);
  }
  // The password comes from another window, say.
  await page.evaluate(() => ["blur", "focus"].map((type) => window.dispatchEvent(new Event(type))));
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type(person.password);
  await page.keyboard.press("Tab");
  await expect(question(page).getByRole("link", { name: "Forgot your password?" })).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await expect(question(page).getByRole("button", { name: "Confirm" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(vault.value(KEY)).toHaveText(value);
  await expect(question(page)).toBeHidden();
  await expect(vault.row(KEY).locator(":focus")).toHaveCount(1);
  expect(await page.content()).not.toContain(person.password);
  await page.evaluate(() => window.dispatchEvent(new Event("blur")));
  await expect(page.locator("body")).not.toContainText(value);

  // From then on nobody asks, in another window neither.
  const other = new VaultPanel(await context.newPage());
  await other.page.goto(VAULT_PAGE);
  await other.show(KEY);
  await expect(other.value(KEY)).toHaveText(value);
  await other.page.close();

  // What is copied after the question is the value, and what the window does not see is not shown.
  await expire(page);
  await vault.panel.getByRole("button", { name: `Copy the value of ${KEY}` }).press("Enter");
  await confirm(page, person);
  await expect(page.getByText("It stays in the clipboard")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(value);
  await expire(page);
  await show();
  await password.fill(person.password);
  await page.evaluate(() => window.dispatchEvent(new Event("blur")));
  const revealed = page.waitForResponse((reply) => reply.url().includes("reveal=true"));
  await page.keyboard.press("Enter");
  expect((await revealed).status()).toBe(200);
  await expect(more).not.toHaveAttribute("aria-busy", "true");
  await expect(page.locator("body")).not.toContainText(value);
});

test("the question lies over other dialogs, and leads back into them", async ({ page, person }) => {
  const receiver = await startWebhookReceiver();
  const webhooks = new WebhookPanel(page);
  await webhooks.given({ url: receiver.url, description: "Mine" });
  await expire(page);
  await webhooks.button(/^Edit/).click();
  await page.getByRole("button", { name: "New signing secret" }).click();
  const sure = page.getByRole("alertdialog", { name: "Create a new signing secret?" });
  const make = sure.getByRole("button", { name: "Create new secret" });
  await make.press("Enter");
  await expect(question(page).getByLabel("Password")).toBeFocused();
  await idle(page);
  await page.keyboard.press("Escape");
  await expect(question(page)).toBeHidden();
  await expect(make).toBeFocused();
  await expect(sure.getByRole("alert")).toHaveCount(0);
  await make.press("Enter");
  await confirm(page, person);
  await expect(page.getByRole("textbox", { name: "Signing secret" })).toHaveValue(/^whsec_/);
  await receiver.close();
});

test("making somebody an admin, and inviting somebody, asks for the password", async ({ page, person }) => {
  const team = await newTeam({ admin: person });
  const member = await newPerson();
  await insertRows("team_members", { team_id: team, user_id: member.id, role: "member" });
  await expire(page);
  await page.goto(`/team?team=${team}`);
  await page.getByRole("button", { name: "Create link" }).click();
  await expect(question(page).getByLabel("Password")).toBeFocused();
  await idle(page);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Create link" })).toBeFocused();
  await expect(page.getByText("No open links. Create one to invite someone.")).toBeVisible();
  await page.getByRole("button", { name: `Make admin: ${member.email}` }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Make admin" }).click();
  await confirm(page, person);
  await expect(page.getByText(`${member.email} is now an admin`)).toBeVisible();
  await page.getByRole("button", { name: "Create link" }).click();
  await expect(page.getByLabel("New invite link")).toHaveValue(/\/invite#/);
});

test("a session that ends meanwhile is said where the password is asked for", async ({
  page,
  person,
  vault,
}) => {
  await vault.show(KEY);
  await question(page).getByLabel("Password").fill(person.password);
  await person.signOut();
  await page.keyboard.press("Enter");
  await expect(question(page).getByRole("alert")).toHaveText("Your session has ended. Sign in");
  await question(page).getByRole("link", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/login/);
});
