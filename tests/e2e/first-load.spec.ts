import { alive, expect, newValue, RevealPanel, test } from "./fixtures";
import { partWith } from "./parts";

test("a toast from before sonner has loaded is shown once it has", async ({ page, vault }) => {
  await vault.add("OPENAI_API_KEY", newValue());
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  let isHeld = false;
  await page.route(partWith("data-rich-colors"), async (route) => {
    isHeld = true;
    await released;
    await route.continue();
  });
  await page.reload();
  await alive(page, "#vault [data-action=menu]");
  await vault.remove("OPENAI_API_KEY");
  await expect(vault.row("OPENAI_API_KEY")).toHaveCount(0);
  expect(isHeld).toBe(true);
  const toast = page.getByText("OPENAI_API_KEY deleted");
  await expect(toast).toHaveCount(0);
  release();
  await expect(toast).toBeVisible();
  await expect(page.getByRole("region", { name: /^Notifications/ })).toContainText("OPENAI_API_KEY deleted");
});

test("Reveal's tabs are one stop of the keyboard, and its arrow keys go around", async ({
  page,
  account,
}) => {
  const { panel } = new RevealPanel(page);
  const tab = (name: string) => panel.getByRole("tab", { name });
  await expect(page.getByRole("button", { name: `Account: ${account.email}` })).toBeVisible();
  await alive(page, "#reveal [role=tab]");
  await tab("Run").focus();
  const steps = [
    ["ArrowRight", "Analyze"],
    ["ArrowRight", "Run"],
    ["ArrowLeft", "Analyze"],
    ["Home", "Run"],
    ["End", "Analyze"],
  ] as const;
  for (const [key, name] of steps) {
    await page.keyboard.press(key);
    await expect(tab(name)).toBeFocused();
    await expect(tab(name)).toHaveAttribute("aria-selected", "true");
    await expect(panel.getByRole("tabpanel")).toHaveAccessibleName(name);
  }
  await expect(panel.locator("[role=tab][tabindex='0']")).toHaveText("Analyze");
});

test("a category of the vault opens and closes by the keyboard", async ({ page, vault }) => {
  await vault.add("OPENAI_API_KEY", newValue());
  const category = vault.panel.getByRole("button", { name: /^LLM/ });
  await expect(category).toHaveAttribute("aria-expanded", "true");
  await category.press("Enter");
  await expect(category).toHaveAttribute("aria-expanded", "false");
  await expect(vault.row("OPENAI_API_KEY")).toHaveCount(0);
  await category.press("Space");
  await expect(vault.row("OPENAI_API_KEY")).toBeVisible();
  expect(await page.getByRole("heading", { level: 3, name: /^LLM/ }).count()).toBe(1);
});
