import type { Page } from "@playwright/test";
import { NO_PLATFORM_KEY_URL } from "../support/ports";
import { newPerson } from "./api/client";
import {
  enter,
  expect,
  expectAccessible,
  newcomer,
  newKey,
  newSession,
  newTeam,
  newValue,
  RevealPanel,
  store,
  test,
  VaultPanel,
} from "./fixtures";

// What a newcomer does first, above the panels of their own workspace.

const firstSteps = (page: Page) => page.getByRole("region", { name: "First steps" });
const KEY_STEP = "Add a key, or use the platform's";
const RUN_STEP = "Run your first prompt";
const TEAM_STEP = "Invite your team";

/** The steps in their order, as a screen reader hears them. */
const expectSteps = (page: Page, ...steps: string[]) =>
  expect(firstSteps(page).getByRole("listitem")).toHaveText(steps.map((step) => new RegExp(`^\\d?${step}$`)));

test("a newcomer sees three steps, which get their check marks as they are done, and are gone after the last", async ({
  page,
  browser,
}) => {
  const person = await newcomer(page);
  await expectSteps(page, KEY_STEP, RUN_STEP, TEAM_STEP);
  await expectAccessible(page);
  await new VaultPanel(page).add("ANTHROPIC_API_KEY", newKey());
  await expectSteps(page, `Done: ${KEY_STEP}`, RUN_STEP, TEAM_STEP);
  await new RevealPanel(page).run();
  await expectSteps(page, `Done: ${KEY_STEP}`, `Done: ${RUN_STEP}`, TEAM_STEP);
  await expectAccessible(page);
  await page.reload();
  await expectSteps(page, `Done: ${KEY_STEP}`, `Done: ${RUN_STEP}`, TEAM_STEP);
  await firstSteps(page).getByRole("link", { name: TEAM_STEP }).click();
  await page.waitForURL("**/team/new");
  const team = await newTeam("First", page);
  await page.goto(`/dashboard?team=${team}`);
  await expect(new VaultPanel(page).panel).toBeVisible();
  await expect(firstSteps(page)).toHaveCount(0);
  await page.goto("/dashboard");
  await expect(new VaultPanel(page).panel).toBeVisible();
  await expect(firstSteps(page)).toHaveCount(0);

  // In another browser, where nothing is remembered, they are done as well.
  const elsewhere = await browser.newContext();
  await enter(elsewhere, person);
  const there = await elsewhere.newPage();
  await there.goto("/dashboard");
  await expect(new VaultPanel(there).panel).toBeVisible();
  await expect(firstSteps(there)).toHaveCount(0);
  await elsewhere.close();
});

test("a run on the platform's key takes the step of adding one as well, a key for something else does not", async ({
  page,
}) => {
  await newSession(page);
  await store(page, "OPENAI_API_KEY", newValue());
  await page.goto("/dashboard");
  await expectSteps(page, KEY_STEP, RUN_STEP, TEAM_STEP);
  await new RevealPanel(page).run();
  await expectSteps(page, `Done: ${KEY_STEP}`, `Done: ${RUN_STEP}`, TEAM_STEP);
});

test("a run that failed is no first run", async ({ page }) => {
  await newSession(page);
  await store(page, "ANTHROPIC_API_KEY", newKey("low-balance"));
  await page.goto("/dashboard");
  const reveal = new RevealPanel(page);
  await reveal.run();
  await expect(reveal.alert).toBeVisible();
  await expectSteps(page, `Done: ${KEY_STEP}`, RUN_STEP, TEAM_STEP);
});

test("without a platform's key, the first step is to add one", async ({ page }) => {
  await newcomer(page, NO_PLATFORM_KEY_URL);
  await expectSteps(page, "Add a key", RUN_STEP, TEAM_STEP);
});

test("each step leads to where it is done, with the keyboard, in a large window and in a small one", async ({
  page,
}) => {
  await newcomer(page);
  const { panel } = new VaultPanel(page);
  const { prompt } = new RevealPanel(page);
  for (const width of [1440, 320]) {
    await page.setViewportSize({ width, height: 900 });
    await firstSteps(page).getByRole("link", { name: RUN_STEP }).press("Enter");
    await expect(prompt).toBeFocused();
    await expect(prompt).toBeInViewport();
    await firstSteps(page).getByRole("link", { name: KEY_STEP }).press("Enter");
    await expect(panel.getByRole("button", { name: "Add a secret" })).toBeFocused();
    await expect(panel.getByRole("button", { name: "Add a secret" })).toBeInViewport();
  }
});

test("hidden, they stay hidden for this person, and for nobody else in this browser", async ({ page }) => {
  const person = await newcomer(page);
  const hide = firstSteps(page).getByRole("button", { name: "Hide the first steps" });
  await hide.focus();
  await page.keyboard.press("Enter");
  await expect(firstSteps(page)).toHaveCount(0);
  // The next one with the keyboard is what came after them.
  await page.keyboard.press("Tab");
  await expect(page.locator("#reveal :focus")).toHaveCount(1);
  await page.reload();
  await expect(new VaultPanel(page).panel).toBeVisible();
  await expect(firstSteps(page)).toHaveCount(0);
  await newcomer(page);
  await expect(firstSteps(page)).toBeVisible();
  await enter(page.context(), person);
  await page.reload();
  await expect(new VaultPanel(page).panel).toBeVisible();
  await expect(firstSteps(page)).toHaveCount(0);
});

for (const [width, most] of [
  [320, 140],
  [768, 110],
  [1440, 110],
] as const) {
  test(`they take little of a window of ${width} pixels, and are there with the page`, async ({
    browser,
  }) => {
    // Without scripts, so that what is there came from the server.
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width, height: 800 } });
    const page = await context.newPage();
    await enter(context, await newPerson());
    await page.goto("/dashboard");
    await expectSteps(page, KEY_STEP, RUN_STEP, TEAM_STEP);
    expect((await firstSteps(page).boundingBox())?.height).toBeLessThanOrEqual(most);
    for (const link of await firstSteps(page).getByRole("link").all()) {
      expect((await link.boundingBox())?.height).toBeGreaterThanOrEqual(24);
    }
    await context.close();
  });
}
