import type { Page } from "@playwright/test";
import type { SecretMetadata } from "../../lib/vault/types";
import { expect, expectAccessible, newValue, type VaultPanel } from "./fixtures";
import { noOverflow, numbered, STATES, test, WIDTHS } from "./panel-rows";

const keysIn = (vault: VaultPanel) =>
  vault.panel
    .locator("li [data-action=menu]")
    .evaluateAll((buttons) => buttons.map((button) => (button as HTMLElement).dataset.key));

test("the list is sorted and filtered, also in a small window", async ({ page, vault, own }) => {
  await own(...STATES);
  const sort = vault.panel.getByRole("button", { name: /^Sort: / });
  const sortBy = async (order: string) => {
    await sort.click();
    await page.getByRole("menuitemradio", { name: order }).click();
    await expect(sort).toHaveText(order);
  };
  const filter = vault.panel.getByRole("button", { name: /^Filter/ });
  const all = await keysIn(vault);
  await sortBy("Oldest first");
  await expect
    .poll(async () => (await keysIn(vault)).slice(-2))
    .toEqual(["A_VERY_OLD_KEY", "STRIPE_SECRET_KEY"]);
  await sortBy("Newest first");
  await expect
    .poll(async () => (await keysIn(vault)).slice(-2))
    .toEqual(["STRIPE_SECRET_KEY", "A_VERY_OLD_KEY"]);
  await sort.click();
  await expect(page.getByRole("menuitemradio", { name: "Newest first", checked: true })).toBeFocused();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await sortBy("By name");
  await filter.click();
  await vault.panel.getByLabel("Filter by state").selectOption("Expiring");
  await expect.poll(() => keysIn(vault)).toEqual(["CLOUDFLARE_API_TOKEN", "GITHUB_TOKEN", "VERCEL_TOKEN"]);
  await expect(vault.panel).toContainText("Only: Expiring");
  await expectAccessible(page);
  await vault.panel.getByLabel("Filter by category").selectOption("Hosting");
  await expect.poll(() => keysIn(vault)).toEqual(["VERCEL_TOKEN"]);
  await expect(filter).toContainText("2");
  await vault.panel.getByLabel("Filter by state").selectOption("Use only");
  await expect(vault.panel).toContainText("No secret matches these filters.");
  await vault.panel.getByRole("button", { name: "Clear", exact: true }).click();
  await expect.poll(() => keysIn(vault)).toEqual(all);
  await vault.panel.getByLabel("Filter by source").selectOption("From the platform");
  await expect(vault.panel.getByRole("listitem")).toHaveText(/ANTHROPIC_API_KEY/);
  await vault.panel.getByRole("button", { name: "Clear filters" }).click();

  await page.setViewportSize({ width: 320, height: 700 });
  await expect(vault.panel.getByLabel("Filter by state")).toBeVisible();
  expect(await noOverflow(page)).toBe(true);
  await filter.click();
  await expect(sort).toBeHidden();
  await filter.click();
  await sortBy("Last used");
  await expectAccessible(page);
});

test("what was added is shown, whatever is filtered", async ({ vault, own }) => {
  await own(...STATES);
  await vault.panel.getByRole("button", { name: /^Filter/ }).click();
  await vault.panel.getByLabel("Filter by state").selectOption("Use only");
  await expect(vault.row("GITHUB_TOKEN")).toHaveCount(0);
  await vault.add("MISTRAL_API_KEY", newValue());
  await expect(vault.row("MISTRAL_API_KEY")).toBeVisible();
  await expect(vault.row("GITHUB_TOKEN")).toBeVisible();
});

test("the search finds the last characters, and the account that was found out", async ({ vault, own }) => {
  await own(...STATES.slice(0, 3), { key: "OTHER_KEY", details: { hint: "Zz99" } });
  const find = vault.panel.getByLabel("Find a secret");
  for (const [query, key] of [
    ["zz99", "OTHER_KEY"],
    ["acme", "OPENROUTER_API_KEY"],
  ] as const) {
    await find.fill(query);
    await expect.poll(() => keysIn(vault)).toEqual([key]);
  }
});

test("a slash leads to the search, except where somebody types", async ({ page, vault, own }) => {
  await own({ key: "OPENAI_API_KEY" });
  const find = vault.panel.getByLabel("Find a secret");
  await page.getByRole("heading", { level: 2 }).first().click();
  await page.keyboard.press("/");
  await expect(find).toBeFocused();
  await expect(find).toHaveValue("");
  await page.keyboard.type("a/b");
  await expect(find).toHaveValue("a/b");
  await find.fill("");
  const dialog = await vault.openAdd();
  await dialog.getByLabel("Description").press("/");
  await expect(dialog.getByLabel("Description")).toHaveValue("/");
});

const stored = async (page: Page): Promise<SecretMetadata[]> =>
  (await (await page.request.get("/api/vault")).json()).secrets;

test("closed categories stay closed, and what else is stored there is ignored", async ({
  page,
  vault,
  own,
}) => {
  await own({ key: "OPENAI_API_KEY", category: "LLM" }, { key: "MY_KEY" });
  const category = (name: string) => vault.panel.getByRole("button", { name: new RegExp(`^${name}`) });
  await category("LLM").click();
  await page.reload();
  await expect(category("LLM")).toHaveAttribute("aria-expanded", "false");
  await expect(category("General")).toHaveAttribute("aria-expanded", "true");
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  for (const hostile of ["{", "null", '{"length":3}', '["<b>",7,null,"General"]']) {
    await page.evaluate((text) => {
      for (const key of Object.keys(localStorage)) {
        if (key.startsWith("vault-closed")) localStorage.setItem(key, text);
      }
    }, hostile);
    await page.reload();
    await expect(category("LLM")).toHaveAttribute("aria-expanded", "true");
  }
  await expect(category("General")).toHaveAttribute("aria-expanded", "false");
  expect(problems).toEqual([]);
});

test("several keys move to another category, and are deleted, each time with one word about it", async ({
  page,
  vault,
  own,
}) => {
  await own(...numbered(4), { key: "ANTHROPIC_API_KEY", category: "LLM" });
  const bar = vault.panel.getByRole("group", { name: "Selected secrets" });
  const select = vault.panel.getByRole("button", { name: "Select", exact: true });
  const toasts = page.locator("[data-sonner-toast]");
  await select.click();
  for (const key of ["KEY_01", "KEY_02"]) await vault.panel.getByLabel(`Select ${key}`).check();
  await expect(bar).toContainText("2 selected");
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    await expectAccessible(page);
    expect(await noOverflow(page), `${width} px`).toBe(true);
  }
  await bar.getByRole("button", { name: "Change category" }).click();
  await page.getByRole("menuitem", { name: "Hosting" }).click();
  await expect(toasts).toHaveText(["2 secrets moved to Hosting"]);
  await expect(bar).toHaveCount(0);
  await expect(select).toBeFocused();
  const categories = Object.fromEntries((await stored(page)).map(({ key, category }) => [key, category]));
  expect(categories).toMatchObject({ KEY_00: "General", KEY_01: "Hosting", KEY_02: "Hosting" });

  await select.click();
  await bar.getByRole("button", { name: "Select all shown" }).click();
  await vault.panel.getByLabel("Select KEY_03").uncheck();
  await bar.getByRole("button", { name: "Delete" }).click();
  const dialog = page.getByRole("alertdialog", { name: "Delete 4 secrets?" });
  await expect(dialog.getByRole("listitem")).toHaveCount(4);
  await expect(dialog).toContainText("Reveal will use the platform's key");
  await expect(dialog).toContainText("This can't be undone.");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Delete 4 secrets" }).click();
  await expect(page.getByText("4 secrets deleted")).toBeVisible();
  await expect.poll(async () => (await stored(page)).map(({ key }) => key)).toEqual(["KEY_03"]);
  await expect(toasts.filter({ hasText: "KEY_" })).toHaveCount(0);
});

test("what could not be deleted is listed with its reason, and stays selected", async ({
  page,
  vault,
  own,
}) => {
  await own(...numbered(3));
  await vault.panel.getByRole("button", { name: "Select", exact: true }).click();
  const bar = vault.panel.getByRole("group", { name: "Selected secrets" });
  await bar.getByRole("button", { name: /^Select all/ }).click();
  await page.request.post("/api/vault", { data: { key: "KEY_01", description: "theirs" } });
  await bar.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete 3 secrets" }).click();
  await expect(page.getByText("Couldn't delete 1 of 3 secrets")).toBeVisible();
  await expect(page.getByText("KEY_01: It was changed elsewhere.")).toBeVisible();
  await expect(bar).toContainText("1 selected");
  await expect(vault.row("KEY_01")).toContainText("theirs");
  await bar.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete 1 secret" }).click();
  await expect(page.getByText("1 secret deleted")).toBeVisible();
  expect(await stored(page)).toEqual([]);
});

test("Escape leaves the selection, and a dialog only itself", async ({ page, vault, own }) => {
  await own(...numbered(2));
  const select = vault.panel.getByRole("button", { name: "Select", exact: true });
  const bar = vault.panel.getByRole("group", { name: "Selected secrets" });
  await select.click();
  await vault.panel.getByLabel("Select KEY_00").check();
  await bar.getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("alertdialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("alertdialog")).toHaveCount(0);
  await expect(bar).toContainText("1 selected");
  await page.keyboard.press("Escape");
  await expect(bar).toHaveCount(0);
  await expect(select).toBeFocused();
  expect(await stored(page)).toHaveLength(2);
});
