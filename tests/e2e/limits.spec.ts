import type { Locator, Page } from "@playwright/test";
import { as, expectOk, newAccount, newPerson, newTeam, type Person, post } from "./api/client";
import { alive, test as base, enter, expect, newValue, VAULT_PAGE, VaultPanel } from "./fixtures";

// A field that cuts what is pasted stores something else than was entered, without a word.

const test = base.extend<{ person: Person }>({
  person: async ({ context }, use) => {
    const person = await newPerson();
    await enter(context, person);
    await use(person);
  },
});

/** Pastes as the browser does, which is where it would cut. */
async function paste(field: Locator, text: string): Promise<void> {
  await field.focus();
  await field.page().keyboard.insertText(text);
  await expect(field).toHaveValue(text);
}

/** What is said of a field, and that it has kept everything. */
async function expectRefused(field: Locator, text: string, sentence: string | RegExp): Promise<void> {
  await expect(field).toHaveAccessibleDescription(sentence);
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(field).toHaveValue(text);
}

test("no field cuts what is entered", async ({ page, person }) => {
  const team = await newTeam({ admin: person });
  for (const path of ["/team/new", `/team?team=${team}`, "/account", "/forgot-password"]) {
    await page.goto(path);
    await expect(page.locator("main input:visible").first()).toBeVisible();
    await expect(page.locator("main [maxlength]")).toHaveCount(0);
  }
  await page.goto(VAULT_PAGE);
  await page.getByRole("button", { name: "Add a webhook" }).click();
  await expect(page.getByRole("dialog").getByLabel("Address")).toBeVisible();
  await expect(page.getByRole("dialog").locator("[maxlength]")).toHaveCount(0);
});

for (const length of [81, 9_000]) {
  test(`a team's name of ${length} characters is refused, and not cut`, async ({ page, person: _ }) => {
    const name = "n".repeat(length);
    await page.goto("/team/new");
    await alive(page);
    const field = page.getByLabel("Name");
    await paste(field, name);
    await page.getByRole("button", { name: "Create team" }).click();
    await expectRefused(field, name, "A team's name has 1 to 80 characters.");
  });

  test(`a new name of ${length} characters for a team is refused, and a label too`, async ({
    page,
    person,
  }) => {
    const team = await newTeam({ admin: person });
    await page.goto(`/team?team=${team}`);
    await alive(page);
    const text = "n".repeat(length);
    const name = page.getByLabel("Team name");
    await name.fill("");
    await paste(name, text);
    await page.getByRole("button", { name: "Rename" }).click();
    await expectRefused(name, text, "A team's name has 1 to 80 characters.");
    const label = page.getByLabel("Label (optional)");
    await paste(label, text);
    await page.getByRole("button", { name: "Create link" }).click();
    await expectRefused(label, text, "A label has 1 to 60 characters.");
    await expect(page.getByLabel("New invite link")).toBeHidden();
    await label.fill("n".repeat(60));
    await page.getByRole("button", { name: "Create link" }).click();
    await expect(page.getByLabel("New invite link")).toBeVisible();
  });
}

test("a webhook's address and description that are too long are refused, each at its field", async ({
  page,
  person: _,
}) => {
  await page.goto(VAULT_PAGE);
  await page.getByRole("button", { name: "Add a webhook" }).click();
  const dialog = page.getByRole("dialog");
  const add = dialog.getByRole("button", { name: "Add webhook" });
  const [address, description] = [dialog.getByLabel("Address"), dialog.getByLabel("Description")];
  for (const length of [2_049, 20_000]) {
    const url = `https://example.com/${"a".repeat(length - 20)}`;
    await address.fill("");
    await paste(address, url);
    await add.click();
    await expectRefused(address, url, "The address is longer than 2,048 characters.");
    await expect(address).toBeFocused();
  }
  await address.fill("https://example.com/hooks");
  const text = "d".repeat(501);
  await paste(description, text);
  await add.click();
  await expectRefused(description, text, "A description can have at most 500 characters.");
  await expect(description).toBeFocused();
  await expect(address).toHaveAttribute("aria-invalid", "false");
  expect(expectOk(await as(_)("/api/webhooks")).webhooks).toEqual([]);
});

test("a password of 257 characters is refused in the question for it, and not cut", async ({
  page,
  person,
}) => {
  expectOk(await as(person)("/api/vault", post({ key: "SHARED_KEY", value: newValue() })), 201);
  await page.goto(VAULT_PAGE);
  await alive(page);
  await page.context().clearCookies({ name: /confirm/ });
  await new VaultPanel(page).show("SHARED_KEY");
  const question = page.getByRole("dialog", { name: "Confirm it's you" });
  const password = question.getByLabel("Password");
  const confirm = question.getByRole("button", { name: "Confirm" });
  for (const [length, sentence] of [
    [257, "A password can have at most 256 characters."],
    [9_000, /^That's too long: a request here can have at most 4,096 bytes\.$/],
  ] as const) {
    const text = "p".repeat(length);
    await password.fill("");
    await paste(password, text);
    await confirm.click();
    await expectRefused(password, text, sentence);
  }
  await password.fill(person.password);
  await confirm.click();
  await expect(question).toBeHidden();
});

const longAddress = (length: number) => `${"a".repeat(length - 12)}@example.com`;
const TOO_LONG = /An e-mail address can have at most 254 characters\./;

test("an e-mail address that is too long is refused where it is changed", async ({ page, person: _ }) => {
  await page.goto("/account");
  await alive(page);
  const field = page.getByLabel("New e-mail");
  await paste(field, longAddress(255));
  await page.getByRole("button", { name: "Change e-mail" }).click();
  await expectRefused(field, longAddress(255), TOO_LONG);
});

test("an e-mail address that is too long is refused on the way in", async ({ page }) => {
  const { password } = newAccount();
  for (const path of ["/login?mode=sign-up", "/login", "/forgot-password"]) {
    await page.goto(path);
    await alive(page, "main form button");
    const field = page.getByLabel("E-mail");
    await field.fill("");
    await paste(field, longAddress(2_000));
    if (path !== "/forgot-password") await page.getByLabel("Password").fill(password);
    await submitButton(page).click();
    await expectRefused(field, longAddress(2_000), TOO_LONG);
  }
});

const submitButton = (page: Page) => page.locator("main form button[type='submit']").last();
