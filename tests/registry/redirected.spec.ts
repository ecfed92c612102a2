import type { Page } from "@playwright/test";
import { expect, newValue, store, test, VAULT_PAGE, VaultPanel } from "../e2e/fixtures";

// For an app whose middleware sends every stranger to its sign-in page, with what they asked the API too.

interface Action {
  act: (vault: VaultPanel, page: Page) => Promise<void>;
  /** What the panel says then, and the button with which it leads to the sign-in page. */
  said: string;
  way: string;
}

const BESIDE = { said: "Your session has ended.", way: "Sign in" };
const IN_DIALOG = { said: "You're not signed in.", way: "Sign in again" };
const ACTIONS: Record<string, Action> = {
  show: { ...BESIDE, act: (vault) => vault.show("OPENAI_API_KEY") },
  check: { ...BESIDE, act: (vault) => vault.check("OPENAI_API_KEY") },
  delete: {
    ...BESIDE,
    async act(vault, page) {
      await vault.choose("OPENAI_API_KEY", "Delete");
      await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
    },
  },
  add: {
    ...IN_DIALOG,
    async act(vault) {
      const dialog = await vault.openAdd();
      await dialog.getByLabel("Key name").fill("GROQ_API_KEY");
      await dialog.getByLabel("Value", { exact: true }).fill(newValue());
      await dialog.getByRole("button", { name: "Add secret" }).click();
    },
  },
  edit: {
    ...IN_DIALOG,
    async act(vault, page) {
      await vault.choose("OPENAI_API_KEY", "Edit");
      await page.getByRole("dialog").getByLabel("Description").fill("Changed");
      await page.getByRole("dialog").getByRole("button", { name: "Save changes" }).click();
    },
  },
  import: {
    ...IN_DIALOG,
    async act(vault) {
      const dialog = await vault.openImport();
      await dialog.getByLabel("File contents").fill("GROQ_API_KEY=gsk_test_not_real\n");
      await dialog.getByRole("button", { name: "Preview" }).click();
      await dialog.getByRole("button", { name: /^Store/ }).click();
    },
  },
};

for (const [name, { act, said, way }] of Object.entries(ACTIONS)) {
  test(`after the session has ended, to ${name} says so and leads to the sign-in page`, async ({
    page,
    context,
    account,
  }) => {
    expect(account.email).toContain("@");
    await store(page, "OPENAI_API_KEY", newValue());
    await page.goto(VAULT_PAGE);
    await expect(new VaultPanel(page).row("OPENAI_API_KEY")).toBeVisible();
    await context.clearCookies();
    await act(new VaultPanel(page), page);
    await expect(page.getByText(said)).toBeVisible();
    await page.getByRole("button", { name: way, exact: true }).click();
    await expect(page).toHaveURL("/login");
  });
}
