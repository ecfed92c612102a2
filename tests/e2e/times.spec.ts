import type { Browser, BrowserContextOptions, Page } from "@playwright/test";
import { as, askDatabase, expectOk, newPerson, newTeam, type Person, post } from "./api/client";
import { alive, test as base, enter, expect, newValue, VaultPanel } from "./fixtures";
import { holdScripts } from "./way-in";

const KEY = "SHARED_KEY";
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Somebody with a key whose value was set at 10:00 PM in Tokyo, and is over 90 days old. */
const ROTATED = "2026-03-05T13:00:00.000000Z";

const test = base.extend<{ person: Person }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameter's form
  person: async ({}, use) => {
    const person = await newPerson();
    expectOk(await as(person)("/api/vault", post({ key: KEY, value: newValue() })), 201);
    await use(person);
  },
});

const rotatedAt = (person: Person, last_rotated_at: string) =>
  askDatabase(`/rest/v1/vault_secrets?owner_id=eq.${person.id}&key=eq.${KEY}`, {
    method: "PATCH",
    body: { last_rotated_at },
  });

/** A window of this person's, and what its console complains of. */
async function open(browser: Browser, person: Person, options: BrowserContextOptions = {}) {
  const context = await browser.newContext(options);
  await enter(context, person);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(message.text());
  });
  return { context, page, problems };
}

const time = (page: Page) => new VaultPanel(page).row(KEY).locator("time").first();

test("a time is the browser's: its age, and the exact time in its zone on hover and for screen readers", async ({
  browser,
  person,
}) => {
  await rotatedAt(person, ROTATED);
  const { page, problems, context } = await open(browser, person, { timezoneId: "Asia/Tokyo" });
  await page.clock.setFixedTime(Date.parse(ROTATED) + 5 * HOUR_MS);
  await page.goto("/dashboard");
  const exact = "Mar 5, 2026, 10:00 PM Japan Standard Time";
  await expect(time(page)).toHaveText(`5 hours ago (${exact})`);
  await expect(time(page)).toHaveAttribute("title", exact);
  await expect(time(page)).toHaveAttribute("datetime", ROTATED);
  expect(problems).toEqual([]);
  await context.close();
});

test("a page that stays open keeps its times right", async ({ browser, person }) => {
  await rotatedAt(person, ROTATED);
  const { page, problems, context } = await open(browser, person);
  await page.clock.install({ time: Date.parse(ROTATED) + 1_000 });
  await page.goto("/dashboard");
  await expect(time(page)).toContainText("just now");
  await page.clock.runFor(60_000);
  await expect(time(page)).toContainText("1 minute ago");
  await page.clock.fastForward(5 * HOUR_MS);
  await expect(time(page)).toContainText("5 hours ago");
  const row = new VaultPanel(page).row(KEY);
  await expect(row).not.toContainText("Over 90 days old");
  await page.clock.fastForward(91 * DAY_MS);
  await expect(time(page)).toContainText("3 months ago");
  await expect(row).toContainText("Over 90 days old");
  expect(problems).toEqual([]);
  await context.close();
});

for (const event of ["visibilitychange", "pageshow"] as const) {
  test(`a page that was asleep has its times right at its ${event}`, async ({ browser, person }) => {
    await rotatedAt(person, ROTATED);
    const { page, context } = await open(browser, person);
    // No timer fires here, as in a page that is kept for the back button.
    await page.clock.install({ time: ROTATED });
    await page.goto("/dashboard");
    await expect(time(page)).toContainText("just now");
    await page.clock.pauseAt(Date.parse(ROTATED) + 50_000);
    await page.clock.setSystemTime(Date.parse(ROTATED) + 5 * HOUR_MS);
    await expect(time(page)).toContainText("just now");
    await page.evaluate((name) => {
      const target = name === "pageshow" ? window : document;
      target.dispatchEvent(new Event(name));
    }, event);
    await expect(time(page)).toContainText("5 hours ago");
    await context.close();
  });
}

test("what is the same a tick later is not touched", async ({ browser, person }) => {
  await rotatedAt(person, ROTATED);
  const { page, context } = await open(browser, person);
  await page.clock.install({ time: Date.parse(ROTATED) + 5 * HOUR_MS });
  await page.goto("/dashboard");
  await expect(time(page)).toContainText("5 hours ago");
  await page.evaluate(() => {
    const record = { changes: 0 };
    Object.assign(window, { record });
    const vault = document.querySelector("#vault") as Element;
    new MutationObserver((list) => {
      record.changes += list.length;
    }).observe(vault, { subtree: true, childList: true, characterData: true, attributes: true });
  });
  const changes = () =>
    page.evaluate(() => (window as unknown as { record: { changes: number } }).record.changes);
  await page.clock.runFor(30_000);
  expect(await changes()).toBe(0);
  await page.clock.fastForward(HOUR_MS);
  await expect(time(page)).toContainText("6 hours ago");
  expect(await changes()).toBeGreaterThan(0);
  await context.close();
});

test("without scripts it is the exact time in UTC, and says so", async ({ browser, person }) => {
  await rotatedAt(person, ROTATED);
  const { page, context } = await open(browser, person, {
    javaScriptEnabled: false,
    timezoneId: "Asia/Tokyo",
  });
  await page.goto("/account");
  await expect(page.getByRole("main").locator("time").first()).toHaveText(/^\d{4}-\d\d-\d\d \d\d:\d\d UTC$/);
  // These pages come in parts, which scripts put in their place.
  expect(await (await page.request.get("/dashboard")).text()).toContain(
    `<time dateTime="${ROTATED}">2026-03-05 13:00 UTC</time>`,
  );
  expect(await (await page.request.get("/activity")).text()).toMatch(/day, \w+ \d+, \d{4} \(UTC\)</);
  await context.close();
});

for (const width of [1280, 390]) {
  test(`the scripts replace every time of every page, and move nothing at ${width} pixels`, async ({
    browser,
    person,
  }) => {
    const team = await newTeam({ admin: person });
    expectOk(await as(person)("/api/vault", post({ key: KEY, value: newValue(), team_id: team })), 201);
    expectOk(
      await as(person)(`/api/teams/${team}/invites`, post({ role: "member", label: "For a test" })),
      201,
    );
    // What an age in the browser's zone differs most from: another day.
    const options = { timezoneId: "Pacific/Kiritimati", viewport: { width, height: 900 } };
    for (const path of ["/dashboard", `/dashboard?team=${team}`, `/team?team=${team}`, "/account"]) {
      const { page, problems, context } = await open(browser, person, options);
      const release = await holdScripts(page);
      await page.goto(path, { waitUntil: "commit" });
      const times = page.locator("main time");
      await expect(times.filter({ visible: true }).first()).toBeVisible();
      for (const text of await times.allTextContents())
        expect(text).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d UTC$/);
      const lines = () =>
        page.locator("main time").evaluateAll((found) =>
          found.map(({ parentElement }) => {
            const { top, height } = (parentElement as HTMLElement).getBoundingClientRect();
            return [Math.round(top + window.scrollY), Math.round(height)];
          }),
        );
      // Texts count as visible before the page's styles are loaded, and are elsewhere then.
      const styles = page.locator("link[rel=stylesheet]");
      await expect
        .poll(() =>
          styles.evaluateAll((links) => links.map((link) => (link as HTMLLinkElement).sheet !== null)),
        )
        .not.toContain(false);
      const before = await lines();
      release();
      await alive(page);
      await expect(times.filter({ hasText: "UTC" })).toHaveCount(0);
      for (const one of await times.all()) await expect(one).toHaveAttribute("title", /Line Islands Time$/);
      expect(await lines(), path).toEqual(before);
      expect(problems, path).toEqual([]);
      await context.close();
    }
  });
}

test("an invite that ends is said to end, in time", async ({ browser, person }) => {
  const team = await newTeam({ admin: person });
  expectOk(await as(person)(`/api/teams/${team}/invites`, post({ role: "member" })), 201);
  const { page, context } = await open(browser, person);
  await page.clock.install();
  await page.goto(`/team?team=${team}`);
  const invite = page.getByRole("listitem").filter({ hasText: "Expires" });
  await expect(invite).toContainText("Expires in 7 days");
  await page.clock.fastForward(6 * DAY_MS + 23 * HOUR_MS);
  await expect(invite).toContainText(/Expires in \d+ minutes|Expires in 1 hour/);
  await page.clock.fastForward(HOUR_MS);
  await expect(invite).toContainText("Expires now");
  await context.close();
});

test("the days of the activity change at midnight", async ({ browser, person }) => {
  const { page, context } = await open(browser, person, { timezoneId: "Asia/Tokyo" });
  await page.clock.install();
  await page.goto("/activity");
  await expect(page.getByRole("heading", { name: "Today" })).toBeVisible();
  await page.clock.fastForward(DAY_MS);
  await expect(page.getByRole("heading", { name: "Yesterday" })).toBeVisible();
  await page.clock.fastForward(DAY_MS);
  await expect(page.getByRole("heading", { name: /day, \w+ \d+, \d{4}$/ })).toBeVisible();
  await context.close();
});
