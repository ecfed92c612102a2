import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { as, newPerson, newTeam, type Person } from "./api/client";
import { enter, expect, expectAccessible, test } from "./fixtures";
import { daysAgo, MODEL, ran, today, unpriced } from "./ledger-rows";
import { partWith } from "./parts";

const estimated = { is_counted: false, cost_exact: false };

/** Opens the page as this person. */
async function open(page: Page, person: Person, path = "/usage"): Promise<void> {
  await enter(page.context(), person);
  await page.goto(path);
  await expect(page.getByRole("heading", { name: "Usage", level: 1 })).toBeVisible();
}

test.describe("the page", () => {
  test("of one's own workspace shows what one ran in every workspace", async ({ page }) => {
    const person = await newPerson();
    const team_id = await newTeam({ member: person });
    const user_id = person.id;
    await ran(
      { user_id, created_at: daysAgo(3), kind: "analyze" },
      { user_id, team_id, source: "team", input_tokens: 20_000, output_tokens: 4000, cost_usd: 0.08 },
      { user_id, source: "env", model: "a-new-model", created_at: daysAgo(1), ...unpriced },
      { user_id, status: "cancelled", created_at: daysAgo(2), duration_ms: 65_000, ...estimated },
      {
        user_id,
        status: "started",
        input_tokens: 0,
        output_tokens: 0,
        duration_ms: null,
        created_at: daysAgo(4),
        ...estimated,
        cost_usd: 0,
      },
      {
        user_id,
        status: "provider_refused_key",
        input_tokens: 0,
        output_tokens: 0,
        created_at: daysAgo(5),
        cost_usd: 0,
      },
    );
    await open(page, person);
    await expect(page.getByText("Everything you ran in the last 30 days, in every workspace.")).toBeVisible();

    const sources = page.getByRole("list", { name: "By key billed" });
    await expect(sources.getByRole("listitem")).toHaveText([
      "Your key2,200 tokens · about $0.0060 · 4 runs",
      "Teams' keys24,000 tokens · $0.08 · 1 run",
      "Platform's key1,100 tokens · unknown · 1 run",
    ]);
    await expect(page.locator("dl")).toContainText("27,300");
    await expect(page.locator("dl")).toContainText("at least $0.0860");
    await expect(page.getByText("No price is known for a-new-model.")).toBeVisible();
    await expect(page.getByText("The cost of 1 run is not exact")).toBeVisible();
    const notes = page.getByText("list prices on the day of each run");
    await expect(notes).toContainText(
      /price for claude-sonnet-5-5 is from this app's own list, dated \w+ \d+, \d{4}\./,
    );

    const features = page.getByRole("table", { name: "Usage by feature" });
    await expect(features.getByRole("row")).toHaveText([
      "FeatureTokensEstimated costRuns",
      "Run26,200at least $0.08305",
      "Analysis1,100$0.00301",
    ]);

    const runs = page.getByRole("region", { name: "Latest runs" }).getByRole("listitem");
    await expect(runs).toHaveCount(6);
    await expect(runs.nth(0)).toContainText("20,000 tokens in, 4,000 out · $0.08");
    await expect(runs.nth(0)).toContainText("with a team's key");
    await expect(runs.nth(1)).toContainText("price unknown");
    await expect(runs.nth(2)).toContainText("Stopped");
    await expect(runs.nth(2)).toContainText("about 1,000 tokens in, about 100 out · about $0.0030");
    await expect(runs.nth(2)).toContainText("1 min 5 s");
    await expect(runs.nth(3)).toContainText("Analysis");
    await expect(runs.nth(4)).toContainText("Didn't finish");
    await expect(runs.nth(5)).toContainText("Key refused");
    await expect(page.getByRole("heading", { name: "By member" })).toHaveCount(0);

    await page.getByText("Show as a table").click();
    await expect(page.locator(".recharts-bar-rectangle path").first()).toBeVisible();
    await expectAccessible(page);
  });

  test("says how runs ended, what was counted, and what else their price depends on", async ({ page }) => {
    const person = await newPerson();
    const user_id = person.id;
    await ran(
      { user_id, status: "provider_cut_off", stop_reason: "max_tokens", details: { thinking_tokens: 60 } },
      {
        user_id,
        created_at: daysAgo(1),
        details: { web_search_requests: 3, service_tier: "priority", speed: "fast", inference_geo: "us" },
        cost_exact: false,
      },
      { user_id, created_at: daysAgo(2), status: "provider_key_limited", input_tokens: 0, output_tokens: 0 },
      { user_id, status: "started", duration_ms: null, created_at: daysAgo(3), ...estimated },
    );
    await open(page, person);
    const runs = page.getByRole("region", { name: "Latest runs" }).getByRole("listitem");
    await expect(runs.nth(0)).toContainText("Cut off");
    await expect(runs.nth(0)).toContainText("at the maximum length");
    await expect(runs.nth(0)).toContainText("1,000 tokens in, 100 out, 60 of them thinking · $0.0030");
    await expect(runs.nth(1)).toContainText(
      "1,000 tokens in, 100 out · 3 web searches · priority tier · fast mode · US region · about $0.0030",
    );
    await expect(runs.nth(2)).toContainText("Key not allowed");
    await expect(runs.nth(2)).toContainText("no tokens");
    await expect(runs.nth(3)).toContainText("Didn't finish");
    await expect(runs.nth(3)).toContainText("about 1,000 tokens in, about 100 out · about $0.0030");
    await expectAccessible(page);
  });

  test("shows tokens or cost, in the chart and in the table, by the keyboard alone", async ({ page }) => {
    const person = await newPerson();
    await ran(
      { user_id: person.id, created_at: daysAgo(1) },
      { user_id: person.id, source: "env", input_tokens: 1_000_000, output_tokens: 0, cost_usd: 2 },
    );
    await open(page, person);
    await expect(page.locator(".recharts-bar-rectangle path").first()).toBeVisible();

    const summary = page.getByText("Show as a table");
    await summary.focus();
    await page.keyboard.press("Enter");
    const table = page.getByRole("table", { name: /by day/ });
    await expect(table.getByRole("row")).toHaveCount(3);
    await expect(table.getByRole("columnheader")).toHaveText([
      "Day",
      "Your key",
      "Platform's key",
      "Total",
      "Runs",
    ]);
    await expect(table.getByRole("row").nth(1)).toContainText("1,000,000");

    await page.getByRole("radio", { name: "Tokens" }).focus();
    await page.keyboard.press("ArrowRight");
    await expect(page.getByRole("radio", { name: "Estimated cost" })).toBeChecked();
    await expect(table.getByRole("row").nth(1)).toContainText("$2.00");
    await expect(page.getByRole("figure")).toContainText("$2.00");

    // The chart is the next stop; its arrow keys go from day to day.
    await page.keyboard.press("Tab");
    const chart = page.getByRole("application", { name: /^Estimated cost by day/ });
    await expect(chart).toBeFocused();
    await page.keyboard.press("ArrowRight");
    await expect(page.locator(".recharts-tooltip-wrapper")).toContainText("$0.00");
  });

  test("does without the chart where it does not arrive", async ({ page }) => {
    const person = await newPerson();
    await ran({ user_id: person.id });
    await page.route(partWith("recharts-wrapper"), (route) => route.abort());
    await open(page, person);
    await expect(page.getByText("The chart couldn't be loaded.")).toBeVisible();
    await page.getByText("Show as a table").click();
    await expect(page.getByRole("table", { name: /by day/ })).toContainText("1,100");
  });

  test("of a team shows its admins everyone's, and a member their own", async ({ page, browser }) => {
    const [admin, member, former] = await Promise.all([newPerson(), newPerson(), newPerson()]);
    const team_id = await newTeam({ admin, member });
    await ran(
      { user_id: admin.id, team_id, source: "team" },
      { user_id: member.id, team_id, source: "team", input_tokens: 5000 },
      { user_id: member.id, source: "user", input_tokens: 777_777 },
      { user_id: former.id, team_id, source: "user", input_tokens: 3000 },
      { user_id: null, team_id, source: "env", input_tokens: 2000 },
    );
    await open(page, admin, `/usage?team=${team_id}`);
    await expect(page.getByText("All runs in this team")).toBeVisible();
    const members = page.getByRole("table", { name: "Usage by member" });
    await expect(members.getByRole("rowheader")).toHaveText([
      member.email,
      former.email,
      "A job or a deleted account",
      admin.email,
    ]);
    await expect(page.getByRole("region", { name: "Latest runs" })).toContainText(
      `${former.email}, with their own key`,
    );
    await expectAccessible(page);

    const other = await (await browser.newContext()).newPage();
    await open(other, member, `/usage?team=${team_id}`);
    await expect(other.getByText("Team admins can see these numbers too")).toBeVisible();
    await expect(other.locator("dl")).toContainText("5,100");
    for (const text of [admin.email, former.email, "A job or a deleted account", "777,777"]) {
      expect(await other.content()).not.toContain(text);
    }
    await expectAccessible(other);
  });

  test("says so where there is nothing yet", async ({ page }) => {
    await open(page, await newPerson());
    await expect(page.getByText("No runs in the last 30 days.")).toBeVisible();
    await expect(page.getByRole("button", { name: "Download CSV" })).toHaveCount(0);
    await expectAccessible(page);
  });

  test("keeps the list of older runs where there is none of these 30 days", async ({ page }) => {
    const person = await newPerson();
    await ran({ user_id: person.id, created_at: daysAgo(31) });
    await open(page, person);
    await expect(page.getByText("No runs in the last 30 days.")).toBeVisible();
    await expect(page.getByRole("region", { name: "Latest runs" }).getByRole("listitem")).toHaveCount(1);
  });

  test("goes to another period by its links, and the file is of that period", async ({ page }) => {
    const person = await newPerson();
    await ran({ user_id: person.id }, { user_id: person.id, created_at: daysAgo(80), source: "env" });
    // An unknown range is the usual one.
    await open(page, person, "/usage?range=7-days");
    const ranges = page.getByRole("navigation", { name: "Period" });
    await expect(ranges.getByRole("link", { name: "Last 30 days" })).toHaveAttribute("aria-current", "page");
    // With the browser's own colors, which one it is shows as well.
    await page.emulateMedia({ forcedColors: "active" });
    const colors = () =>
      ranges
        .getByRole("link")
        .evaluateAll((links) => new Set(links.map((link) => getComputedStyle(link).backgroundColor)).size);
    await expect.poll(colors).toBe(2);
    await page.emulateMedia({ forcedColors: "none" });
    await expect(page.locator("dl")).toContainText("1,100");
    await ranges.getByRole("link", { name: "Last 90 days" }).focus();
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/usage\?range=90-days$/);
    await expect(page.locator("dl")).toContainText("2,200");
    await expect(page.getByText(" (UTC)", { exact: false }).first()).toBeVisible();
    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download CSV" }).click();
    expect((await downloading).suggestedFilename()).toBe(
      `usage-${daysAgo(89).slice(0, 10)}-to-${today()}.csv`,
    );
    await expectAccessible(page);
    await ranges.getByRole("link", { name: "Last 30 days" }).click();
    await expect(page).toHaveURL(/\/usage$/);
  });

  test("goes to another period without scripts, too", async ({ browser }) => {
    const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
    await enter(page.context(), await newPerson());
    await page.goto("/usage");
    const month = page.getByRole("link", { name: "Last month" }).first();
    await month.click();
    await expect(page).toHaveURL(/\/usage\?range=last-month$/);
    await expect(month).toHaveAttribute("aria-current", "page");
  });

  test("shows more runs, and the keyboard goes on at the first of them", async ({ page }) => {
    const person = await newPerson();
    await ran(
      ...Array.from({ length: 45 }, (_, index) => ({
        user_id: person.id,
        input_tokens: 10_000 - index,
        created_at: daysAgo(index / 24),
      })),
    );
    await open(page, person);
    const runs = page.getByRole("region", { name: "Latest runs" }).getByRole("listitem");
    const more = page.getByRole("button", { name: "Show more" });
    await expect(runs).toHaveCount(20);
    await more.focus();
    await page.keyboard.press("Enter");
    await expect(runs).toHaveCount(40);
    await expect(runs.nth(20)).toBeFocused();
    await more.click();
    await expect(runs).toHaveCount(45);
    await expect(more).toHaveCount(0);
    await expect(runs.nth(44)).toContainText("9,956 tokens in");
  });

  test("tells that more runs cannot be had, and lets one try again", async ({ page }) => {
    const person = await newPerson();
    await ran(...Array.from({ length: 21 }, () => ({ user_id: person.id })));
    await open(page, person);
    await page.context().setOffline(true);
    await page.getByRole("button", { name: "Show more" }).click();
    await expect(page.getByText("The server can't be reached.")).toBeVisible();
    await page.context().setOffline(false);
    await page.getByRole("button", { name: "Show more" }).click();
    await expect(page.getByRole("region", { name: "Latest runs" }).getByRole("listitem")).toHaveCount(21);
    await expect(page.getByText("The server can't be reached.")).toHaveCount(0);
  });

  test("hands out the CSV file", async ({ page }) => {
    const person = await newPerson();
    await ran({ user_id: person.id }, { user_id: person.id });
    await open(page, person);
    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download CSV" }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toMatch(/^usage-\d{4}-\d\d-\d\d-to-\d{4}-\d\d-\d\d\.csv$/);
    expect(await readFile(await download.path(), "utf8")).toBe(
      [
        "day,source,model,feature,runs,input_tokens,output_tokens,cache_creation_input_tokens,cache_read_input_tokens,estimated_cost_usd,unpriced_runs,inexact_runs",
        `${today()},user,${MODEL},run,2,2000,200,0,0,0.006,0,0`,
        "",
      ].join("\r\n"),
    );
  });

  for (const width of [320, 768]) {
    test(`does not scroll sideways at ${width} pixels, however long the names are`, async ({ page }) => {
      await page.setViewportSize({ width, height: 800 });
      const admin = await newPerson();
      const team_id = await newTeam({ admin });
      await ran(
        { user_id: admin.id, team_id, input_tokens: 123_456_789 },
        {
          user_id: admin.id,
          team_id,
          source: "team",
          input_tokens: 123_456_789,
          model: `model-${"x".repeat(190)}`,
          details: { service_tier: "t".repeat(40), speed: "s".repeat(40), inference_geo: "g".repeat(40) },
        },
        { user_id: admin.id, team_id, source: "env", input_tokens: 123_456_789, created_at: daysAgo(29) },
      );
      await open(page, admin, `/usage?team=${team_id}`);
      await page.getByText("Show as a table").click();
      await expect(page.locator(".recharts-bar-rectangle path").first()).toBeVisible();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    });
  }

  test("of a team that is foreign or unknown is the same page", async ({ page }) => {
    const stranger = await newPerson();
    const foreign = await newTeam({ admin: await newPerson() });
    const ask = as(stranger);
    const [theirs, none] = [await ask(`/usage?team=${foreign}`), await ask(`/usage?team=${randomUUID()}`)];
    expect([theirs.status, none.status]).toEqual([404, 404]);
    expect(theirs.text).not.toContain("Test team");
    await page.goto(`/usage?team=${foreign}`);
    await expect(page).toHaveURL(/\/login\?next=usage&team=[0-9a-f-]{36}$/);
  });
});
