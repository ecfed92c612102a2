import type { Locator, Page } from "@playwright/test";
import {
  alive,
  expect,
  expectAccessible,
  newcomer,
  newSession,
  RevealPanel,
  test,
  VaultPanel,
  WebhookPanel,
} from "./fixtures";
import { focusByKeyboard, withWebhooks } from "./keyboard-help";

/** What has the focus, by its name. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement } = document;
    return activeElement?.getAttribute("aria-label") ?? activeElement?.textContent ?? "";
  });

test("a list of webhooks is one tab stop, and arrow keys lead through its rows and their buttons", async ({
  page,
}) => {
  await newSession(page);
  const webhooks = await withWebhooks(page, "one", "two", "three");
  const order = await webhooks.rows
    .locator("[data-action=edit]")
    .evaluateAll((buttons) =>
      buttons.map((button) => button.getAttribute("aria-label")?.replace("Edit ", "")),
    );
  const [first, second, last] = order;
  await webhooks.panel.getByRole("button", { name: "Add a webhook" }).focus();
  await page.keyboard.press("Tab");
  expect(await focused(page)).toBe(`Send a test to ${first}`);
  await page.keyboard.press("ArrowRight");
  expect(await focused(page)).toBe(`Deliveries to ${first}`);
  await page.keyboard.press("ArrowDown");
  expect(await focused(page)).toBe(`Deliveries to ${second}`);
  await page.keyboard.press("End");
  expect(await focused(page)).toBe(`Deliveries to ${last}`);
  await page.keyboard.press("ArrowDown");
  expect(await focused(page), "there is no row below the last").toBe(`Deliveries to ${last}`);
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  expect(await focused(page), "nothing is left of the first control").toBe(`Send a test to ${first}`);

  // One Tab leaves the list, and one leads back to where the focus was.
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Tab");
  expect(await webhooks.panel.locator(":focus").count()).toBe(0);
  await page.keyboard.press("Shift+Tab");
  expect(await focused(page)).toBe(`Send a test to ${second}`);

  // A row that goes takes the tab stop to its neighbor, and a button that replaces another keeps it.
  await webhooks.panel.getByRole("button", { name: `Delete ${second}` }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await expect(webhooks.rows).toHaveCount(2);
  await expect.poll(() => focused(page)).toBe(`Delete ${last}`);
  expect(await webhooks.panel.locator("li [tabindex='0']").count()).toBe(1);
  await page.keyboard.press("ArrowUp");
  expect(await focused(page)).toBe(`Delete ${first}`);

  const list = webhooks.panel.getByRole("list");
  await expect(list).toHaveAccessibleDescription("Use the arrow keys to move between rows.");
  await expectAccessible(page);
});

test("a webhook that is added belongs to the list's one tab stop", async ({ page }) => {
  await newSession(page);
  const webhooks = await withWebhooks(page);
  await webhooks.add("https://one.example.com/hook");
  await webhooks.done();
  await expect(webhooks.rows).toHaveCount(1);
  expect(await webhooks.panel.locator("li [tabindex='0']").count()).toBe(1);
  expect(await webhooks.panel.locator("li [tabindex='-1']").count()).toBeGreaterThan(2);
});

/** The pages, and those that only somebody who is signed out sees. */
const PAGES = ["/dashboard", "/usage", "/activity", "/account", "/team/new", "/no-such-page"];

const OUTSIDE = ["/login", "/login?mode=sign-up", "/forgot-password", "/invite", "/new-password"];

test("on every page the first tab stop skips to its content", async ({ page, browser }) => {
  await newSession(page);
  const outside = await (await browser.newContext()).newPage();
  const visit = async (page: Page, path: string) => {
    await page.goto(path);
    await alive(page, "body > a");
    const link = page.getByRole("link", { name: "Skip to content" });
    const first = page.locator(":is(a[href], button, input, select, textarea):not([type=hidden])").first();
    await expect(first, path).toHaveText("Skip to content");
    // Some pages begin in their only field.
    await focusByKeyboard(page, link);
    await expect(link, path).toBeInViewport({ ratio: 1 });
    await page.keyboard.press("Enter");
    await expect(page.getByRole("main"), path).toBeFocused();
    expect(new URL(page.url()).hash, path).toBe("");
  };
  for (const path of PAGES) await visit(page, path);
  for (const path of OUTSIDE) await visit(outside, path);
});

for (const width of [390, 1280]) {
  test(`the dashboard's second tab stop skips to the prompt, ${width} pixels wide`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    await newcomer(page);
    const { prompt, panel } = new RevealPanel(page);
    await expect(panel).toBeVisible({ visible: width > 1024 });
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    const link = page.getByRole("link", { name: "Skip to Reveal" });
    await expect(link).toBeInViewport({ ratio: 1 });
    await expectAccessible(page);
    await page.keyboard.press("Enter");
    await expect(prompt).toBeFocused();
    await expect(prompt).toBeInViewport();
    // Where the other form is open, its text is what one came for.
    await panel.getByRole("tab", { name: "Analyze" }).click();
    await link.focus();
    await page.keyboard.press("Enter");
    await expect(panel.getByLabel("Text", { exact: true })).toBeFocused();
  });
}

test("skipping to the content leaves the panel open that a small window shows", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  await newSession(page);
  await page.goto("/dashboard#webhooks");
  await alive(page);
  const { panel } = new WebhookPanel(page);
  await expect(panel).toBeVisible();
  await page.getByRole("link", { name: "Skip to content" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
  await expect(panel).toBeVisible();
});

/** How often Tab is pressed from the start of the page until this has the focus. */
async function tabStopsTo(page: Page, target: Locator): Promise<number> {
  await page.reload();
  await alive(page);
  for (let count = 1; count <= 100; count += 1) {
    await page.keyboard.press("Tab");
    if (await target.evaluate((element) => element === document.activeElement)) return count;
  }
  return Number.POSITIVE_INFINITY;
}

test("the prompt is at most 12 tab stops away, with 60 keys and some webhooks", async ({ page }) => {
  await newcomer(page);
  const rows = Array.from({ length: 60 }, (_, index) => ({ key: `KEY_${index}`, value: "value-not-real" }));
  const reply = await page.request.post("/api/vault/import", {
    data: { secrets: rows.map((row) => ({ ...row, category: "General", if_updated_at: null })) },
  });
  expect(reply.ok(), await reply.text()).toBe(true);
  await withWebhooks(page, "one", "two", "three", "four", "five");
  await expect(new VaultPanel(page).panel.getByText("KEY_59", { exact: true })).toBeVisible();
  expect(await tabStopsTo(page, new RevealPanel(page).prompt)).toBeLessThanOrEqual(12);
});
