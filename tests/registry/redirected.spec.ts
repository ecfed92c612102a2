import type { Page } from "@playwright/test";
import { expect, newValue, test, type VaultPanel } from "../e2e/fixtures";

// For an app whose middleware sends every stranger to its sign-in page, with what they asked the API too.

const ENDED = "Your session has ended.";

/** What a person does in the panel, and where the answer is. */
const ACTIONS: Record<string, (vault: VaultPanel, page: Page) => Promise<void>> = {
  show: (vault) => vault.show("OPENAI_API_KEY"),
  check: (vault) => vault.check("OPENAI_API_KEY"),
  add: async (vault) => {
    const dialog = await vault.openAdd();
    await dialog.getByLabel("Key name").fill("GROQ_API_KEY");
    await dialog.getByLabel("Value", { exact: true }).fill(newValue());
    await dialog.getByRole("button", { name: "Add secret" }).click();
  },
  edit: async (vault, page) => {
    await vault.choose("OPENAI_API_KEY", "Edit");
    const dialog = page.getByRole("dialog", { name: "Edit OPENAI_API_KEY" });
    await dialog.getByLabel("Description").fill("Changed");
    await dialog.getByRole("button", { name: "Save changes" }).click();
  },
  import: async (vault) => {
    const dialog = await vault.openImport();
    await dialog.getByLabel("File contents").fill("GROQ_API_KEY=gsk_test_not_real\n");
    await dialog.getByRole("button", { name: "Preview" }).click();
    await dialog.getByRole("button", { name: /^Store/ }).click();
  },
  delete: (vault) => vault.remove("OPENAI_API_KEY"),
};

for (const [name, act] of Object.entries(ACTIONS)) {
  test(`after the session has ended, to ${name} says so and leads to the sign-in page`, async ({
    page,
    context,
    vault,
  }) => {
    await vault.add("OPENAI_API_KEY", newValue());
    await context.clearCookies();
    await act(vault, page);
    await expect(page.getByText(ENDED)).toBeVisible();
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page).toHaveURL("/login");
  });
}
