import type { Page } from "@playwright/test";
import type { SecretDetails, SecretMetadata } from "../../lib/vault/types";
import { insertRows, newTeam, type Person } from "./api/client";
import { alive, test as base, expect, expectAccessible, newcomer, newValue, VaultPanel } from "./fixtures";

const DAY_MS = 86_400_000;
const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString();
const WIDTHS = [320, 768, 1440] as const;

interface Seeded extends Partial<Omit<SecretMetadata, "details">> {
  key: string;
  details?: Partial<SecretDetails>;
}

/** Stores secrets past the app, in states that it leads to only in time, and shows them. */
async function seed(page: Page, owner: Partial<SecretMetadata>, secrets: readonly Seeded[]): Promise<void> {
  const rows = await insertRows(
    "vault_secrets",
    secrets.map(({ key, category = "General", description = "", last_rotated_at = daysAgo(1) }) => ({
      ...{ owner_type: "user", encrypted_value: "v1.never-opened", ...owner },
      ...{ key, category, description, last_rotated_at },
    })),
  );
  await insertRows(
    "vault_secret_details",
    secrets.map(({ details }, index) => ({
      ...{ secret_id: rows[index]?.id, hint: "AbCd", use_only: false, expires_at: null, added_by: null },
      ...{ last_used_at: null, checked_at: null, check_result: null, check_facts: null, ...details },
    })),
  );
  await page.reload();
  await alive(page);
}

const numbered = (count: number, category: SecretMetadata["category"] = "General"): Seeded[] =>
  Array.from({ length: count }, (_, index) => ({
    key: `KEY_${String(index).padStart(2, "0")}`,
    category,
    ...(index % 3 === 0 && { description: `What number ${index} is for` }),
  }));

const test = base.extend<{ person: Person; vault: VaultPanel; own: (...secrets: Seeded[]) => Promise<void> }>(
  {
    person: async ({ page }, use) => use(await newcomer(page)),
    vault: async ({ page, person: _ }, use) => use(new VaultPanel(page)),
    own: async ({ page, person }, use) => use((...secrets) => seed(page, { owner_id: person.id }, secrets)),
  },
);

const noOverflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);
const stored = async (page: Page): Promise<SecretMetadata[]> =>
  (await (await page.request.get("/api/vault")).json()).secrets;
const keysIn = (vault: VaultPanel) =>
  vault.panel
    .locator("li [data-action=menu]")
    .evaluateAll((buttons) => buttons.map((button) => (button as HTMLElement).dataset.key));

/** A key in each state that a row can be in. */
const STATES: Seeded[] = [
  { key: "OPENAI_API_KEY", category: "LLM", description: "Evaluation runs, on the team's own account" },
  {
    key: "OPENROUTER_API_KEY",
    category: "LLM",
    details: {
      ...{ checked_at: daysAgo(0.1), check_result: "works" },
      check_facts: { account: "Acme Inc.", credit: "$12.34 left" },
    },
  },
  { key: "GROQ_API_KEY", category: "LLM", details: { checked_at: daysAgo(1), check_result: "refused" } },
  {
    key: "DEEPSEEK_API_KEY",
    category: "LLM",
    details: { checked_at: daysAgo(1), check_result: "no_credit" },
  },
  { key: "CLOUDFLARE_API_TOKEN", category: "Infrastructure", details: { expires_at: daysAgo(-10) } },
  { key: "GITHUB_TOKEN", category: "Infrastructure", details: { expires_at: daysAgo(-2) } },
  { key: "VERCEL_TOKEN", category: "Hosting", details: { expires_at: daysAgo(2) } },
  { key: "STRIPE_SECRET_KEY", details: { use_only: true } },
  {
    key: "A_VERY_OLD_KEY",
    last_rotated_at: daysAgo(200),
    details: { hint: null, added_by: "00000000-0000-4000-8000-000000000000" },
  },
];

test("a row says what there is to know of its key, at every width", async ({ page, vault, own }) => {
  await own(...STATES);
  for (const [key, said] of [
    ["OPENAI_API_KEY", "Evaluation runs"],
    ["OPENROUTER_API_KEY", "Works · checked 2 hours ago"],
    ["OPENROUTER_API_KEY", "Acme Inc. · $12.34 left"],
    ["GROQ_API_KEY", "Refused · checked"],
    ["DEEPSEEK_API_KEY", "Out of credit · checked"],
    ["CLOUDFLARE_API_TOKEN", "Expires in 10 days"],
    ["GITHUB_TOKEN", "Expires in 2 days"],
    ["VERCEL_TOKEN", "Expired 2 days ago"],
    ["STRIPE_SECRET_KEY", "Use only"],
    ["A_VERY_OLD_KEY", "Over 90 days old, not used in 90 days"],
  ] as const) {
    await expect(vault.row(key)).toContainText(said);
  }
  await expect(vault.row("GROQ_API_KEY")).toContainText("••••AbCd");
  await expect(vault.row("GROQ_API_KEY")).toContainText("ends in AbCd");
  await expect(vault.row("A_VERY_OLD_KEY")).not.toContainText("••••");
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    expect(await noOverflow(page), `${width} px`).toBe(true);
    await expectAccessible(page);
  }
});

test("a key that is use only offers neither to show nor to copy it", async ({ page, vault, own }) => {
  await own({ key: "STRIPE_SECRET_KEY", details: { use_only: true } });
  await expect(vault.row("STRIPE_SECRET_KEY").getByRole("button", { name: /^Copy/ })).toHaveCount(0);
  await vault.more("STRIPE_SECRET_KEY").click();
  await expect(page.getByRole("menuitem")).toHaveText(["Check", "Edit", "Activity", "Delete"]);
});

test("the menu works by the keyboard, and leads back to its button", async ({ page, vault, own }) => {
  await own({ key: "OPENAI_API_KEY" }, { key: "GROQ_API_KEY" });
  const more = vault.more("OPENAI_API_KEY");
  const item = (name: string) => page.getByRole("menuitem", { name, exact: true });
  await more.press("Enter");
  await expect(page.getByRole("menu", { name: "Actions for OPENAI_API_KEY" })).toBeVisible();
  await expect(more).toHaveAttribute("aria-expanded", "true");
  await expect(item("Show")).toBeFocused();
  await expectAccessible(page);
  for (const [press, name] of [
    ["ArrowDown", "Check"],
    ["End", "Delete"],
    ["ArrowDown", "Show"],
    ["ArrowUp", "Delete"],
    ["Home", "Show"],
    ["e", "Edit"],
    ["a", "Activity"],
  ] as const) {
    await page.keyboard.press(press);
    await expect(item(name)).toBeFocused();
  }
  await page.keyboard.press("Escape");
  await expect(page.getByRole("menu")).toHaveCount(0);
  await expect(more).toBeFocused();
  await expect(more).toHaveAttribute("aria-expanded", "false");
  await page.keyboard.press("Space");
  await expect(item("Show")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("menu")).toHaveCount(0);

  // Another row's button, which the menu may cover, and a click beside it, close it as well.
  await more.click();
  await vault.more("GROQ_API_KEY").press("Enter");
  await expect(page.getByRole("menu", { name: "Actions for GROQ_API_KEY" })).toBeVisible();
  await expect(page.getByRole("menu")).toHaveCount(1);
  await vault.more("GROQ_API_KEY").press("Enter");
  await expect(page.getByRole("menu")).toHaveCount(0);
  await more.click();
  await page.getByRole("heading", { level: 2 }).first().click();
  await expect(page.getByRole("menu")).toHaveCount(0);
  await vault.choose("OPENAI_API_KEY", "Activity");
  await expect(page).toHaveURL(/\/activity.*key=OPENAI_API_KEY/);
});

test("the menu is in the window wherever its row is", async ({ page, vault, own }) => {
  await own(...numbered(40));
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 500 });
    for (const key of ["KEY_00", "KEY_39"]) {
      await vault.more(key).click();
      await expect(page.getByRole("menuitem", { name: "Delete" })).toBeInViewport({ ratio: 1 });
      await expect(page.getByRole("menuitem", { name: "Show" })).toBeInViewport({ ratio: 1 });
      await page.keyboard.press("Escape");
    }
  }
  await vault.more("KEY_00").click();
  await page.mouse.wheel(0, 3000);
  await expect(page.getByRole("menu")).toHaveCount(0);
});

test("the focus stays in the row when its value hides", async ({ page, vault, own: _ }) => {
  await vault.add("OPENAI_API_KEY", newValue());
  await vault.show("OPENAI_API_KEY");
  await expect(vault.row("OPENAI_API_KEY").getByRole("timer")).toHaveText(/^Hides in \d+ s$/);
  await expect(vault.row("OPENAI_API_KEY").getByRole("timer")).toHaveAttribute("aria-live", "off");
  await expectAccessible(page);
  await vault.more("OPENAI_API_KEY").click();
  await expect(page.getByRole("menuitem").first()).toHaveText("Hide");
  await page.keyboard.press("Escape");
  await vault.panel.getByRole("button", { name: "Hide the value of OPENAI_API_KEY" }).press("Enter");
  await expect(vault.value("OPENAI_API_KEY")).toHaveCount(0);
  await expect(vault.more("OPENAI_API_KEY")).toBeFocused();
});

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

test("sixty keys are one tab stop, and lie within 3,300 pixels", async ({ page, vault, own }) => {
  await own(
    ...numbered(60).map((row, index) => ({
      ...row,
      category: (["LLM", "Hosting", "General"] as const)[index % 3],
    })),
  );
  await page.setViewportSize({ width: 1440, height: 900 });
  await expect(vault.panel.getByRole("button", { name: /^More actions/ })).toHaveCount(60);
  // All rows are as high as they are, and not as they are thought to be while out of sight.
  await page.addStyleTag({ content: "#vault li { content-visibility: visible !important }" });
  const { height } = (await vault.panel.boundingBox()) ?? { height: 0 };
  expect(height).toBeGreaterThan(2000);
  expect(height).toBeLessThanOrEqual(3300);
  await vault.panel.getByRole("button", { name: "Select", exact: true }).focus();
  await page.keyboard.press("Tab");
  await expect(vault.panel.getByRole("button", { name: /^LLM/ })).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(vault.row("KEY_00").locator(":focus")).toHaveCount(1);
  await page.keyboard.press("Tab");
  await expect(vault.panel.locator(":focus")).toHaveCount(0);
});

test("a team's row says who added its value", async ({ page, person, vault }) => {
  const team = await newTeam({ admin: person });
  await page.goto(`/dashboard?team=${team}`);
  await seed(page, { owner_type: "team", owner_id: team }, [
    { key: "OPENAI_API_KEY", details: { added_by: person.id } },
    { key: "OTHER_KEY", details: { added_by: "00000000-0000-4000-8000-000000000000" } },
  ]);
  await expect(vault.row("OPENAI_API_KEY")).toContainText(`Added by ${person.email}`);
  await expect(vault.row("OTHER_KEY")).not.toContainText("Added by");
});
