import type { Page } from "@playwright/test";
import { alive, expect, expectAccessible, newcomer, test, WebhookPanel } from "./fixtures";

/** What has the focus, by its name. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement } = document;
    return activeElement?.getAttribute("aria-label") ?? activeElement?.textContent ?? "";
  });

/** Stores webhooks at these addresses through the API, and shows them. */
async function withWebhooks(page: Page, ...hosts: string[]): Promise<WebhookPanel> {
  for (const host of hosts) {
    const reply = await page.request.post("/api/webhooks", {
      data: { url: `https://${host}.example.com/hook` },
    });
    expect(reply.status()).toBe(201);
  }
  await page.reload();
  await alive(page);
  return new WebhookPanel(page);
}

test("a list of webhooks is one tab stop, and arrow keys lead through its rows and their buttons", async ({
  page,
}) => {
  await newcomer(page);
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
  await newcomer(page);
  const webhooks = await withWebhooks(page);
  await webhooks.add("https://one.example.com/hook");
  await webhooks.done();
  await expect(webhooks.rows).toHaveCount(1);
  expect(await webhooks.panel.locator("li [tabindex='0']").count()).toBe(1);
  expect(await webhooks.panel.locator("li [tabindex='-1']").count()).toBeGreaterThan(2);
});
