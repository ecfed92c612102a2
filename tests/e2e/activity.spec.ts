import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { EVENTS, KEY, lines, OTHER, type Reply, test } from "./activity-events";
import { as, askDatabase, expectOk, insertRows, newPerson, newTeam, post } from "./api/client";
import { enter, expect, expectAccessible, newKey, newValue, VaultPanel } from "./fixtures";
import { holdScripts } from "./way-in";

const main = (page: Page) => page.getByRole("main");

test("everything that is done in the panel is listed, and no value", async ({ page, context, vault }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const values = [newKey(), newKey("replaced"), newValue()] as const;
  const row = vault.row(KEY);
  const dialog = page.getByRole("dialog", { name: `Edit ${KEY}` });
  const save = async () => {
    await dialog.getByRole("button", { name: "Save changes" }).click();
    await expect(dialog).toBeHidden();
  };
  const recorded = async (): Promise<Reply> => (await page.request.get(EVENTS)).json();
  const expected: string[] = [];
  /** Waits, because the panel shows a change before the server has it. */
  const expectNext = async (next: string) => {
    expected.unshift(next);
    await expect.poll(async () => lines(await recorded())).toEqual(expected);
  };

  await vault.add(KEY, values[0]);
  await expectNext(`created ${KEY}`);
  await vault.show(KEY);
  await expect(vault.value(KEY)).toHaveText(values[0]);
  await expectNext(`revealed ${KEY}`);
  await vault.choose(KEY, "Edit");
  await dialog.getByLabel("Description").fill("For Reveal");
  await save();
  await expectNext(`metadata ${KEY}`);
  await vault.choose(KEY, "Edit");
  await dialog.getByRole("button", { name: "Replace the value" }).click();
  await dialog.getByLabel("New value").fill(values[1]);
  await save();
  await expectNext(`replaced ${KEY}`);
  await vault.copy(KEY);
  await expectNext(`copied ${KEY}`);
  await vault.check(KEY);
  await expect(row).toContainText("checked just now");
  await expectNext(`checked ${KEY}`);
  await vault.remove(KEY);
  await expectNext(`deleted ${KEY}`);
  await vault.panel.getByRole("button", { name: /Import/ }).click();
  const importing = page.getByRole("dialog", { name: /Import/ });
  await importing.getByRole("textbox").fill(`${OTHER}=${values[2]}`);
  await importing.getByRole("button", { name: "Preview" }).click();
  await importing.getByRole("button", { name: "Store 1 secret" }).click();
  await expect(importing).toBeHidden();
  await expectNext("imported");

  await page.goto("/activity");
  await expect(main(page).getByRole("heading", { name: "Today" })).toBeVisible();
  const items = main(page).getByRole("listitem");
  await expect(items).toHaveCount(expected.length);
  await expect(items.nth(0)).toContainText("You imported 1 key");
  await expect(items.nth(1)).toContainText(`You deleted ${KEY}`);
  await expect(items.nth(2)).toContainText(`You checked ${KEY} with its provider`);
  await expect(items.nth(3)).toContainText(`You copied ${KEY}`);
  await expect(items.nth(4)).toContainText(`You replaced ${KEY}`);
  await expect(items.nth(5)).toContainText(`You changed the description or category of ${KEY}`);
  const seen = (await page.content()) + JSON.stringify(await recorded());
  for (const value of values) expect(seen).not.toContain(value);
  await expectAccessible(page);
});

test("the filters are in the address, work without scripts, and the way back is one click", async ({
  browser,
  person: admin,
}) => {
  const mate = await newPerson();
  const team = await newTeam({ admin, member: mate });
  const event = { owner_type: "team", owner_id: team };
  await insertRows("vault_events", [
    { ...event, actor_id: admin.id, key: KEY, action: "copied", created_at: "2026-03-10T12:00:00Z" },
    { ...event, actor_id: admin.id, key: OTHER, action: "checked", created_at: "2026-03-11T12:00:00Z" },
    { ...event, actor_id: mate.id, key: OTHER, action: "revealed", created_at: "2026-03-12T12:00:00Z" },
  ]);
  for (const javaScriptEnabled of [false, true]) {
    const context = await browser.newContext({ javaScriptEnabled });
    await enter(context, admin);
    const page = await context.newPage();
    await page.goto(`/activity?team=${team}&to=2026-03-31`);
    const items = main(page).getByRole("listitem");
    const form = page.getByRole("form", { name: "Filters" });
    const apply = () => form.getByRole("button", { name: "Apply filters" }).click();
    await expect(items).toHaveCount(3);
    await form.getByLabel("Action").selectOption("Values revealed or copied");
    await apply();
    await expect(items).toHaveCount(2);
    await form.getByLabel("Person").selectOption(mate.email);
    await apply();
    await expect(items).toHaveCount(1);
    await expect(items).toContainText(`${mate.email} revealed ${OTHER}`);
    const shared = new URL(page.url());
    expect(shared.searchParams.get("action")).toBe("values_seen");
    expect(shared.searchParams.get("person")).toBe(mate.id);
    await page.goBack();
    await expect(items).toHaveCount(2);
    await expect(form.getByLabel("Person")).toHaveValue("");
    await page.goForward();
    await form.getByLabel("From (UTC)").fill("2026-03-13");
    await apply();
    await expect(main(page)).toContainText("No activity matches these filters.");
    await page.getByRole("link", { name: "Clear filters" }).click();
    await expect(page).toHaveURL(`/activity?team=${team}`);
    await form.getByLabel(/^Search/).fill("anthropic_");
    await form.getByLabel(/^Search/).press("Enter");
    await expect(items).toHaveCount(1);
    await expect(items).toContainText(`You copied ${KEY}`);
    await page.goto(`/activity?team=${team}&key=no%20key%20name&action=stolen&to=2026-03-31`);
    await expect(items).toHaveCount(3);
    await page.getByRole("link", { name: KEY, exact: true }).click();
    await expect(page).toHaveURL(`/activity?team=${team}&key=${KEY}`);
    await expect(items).toHaveCount(1);
    await expect(form.getByLabel("Key", { exact: true })).toHaveValue(KEY);
    if (javaScriptEnabled) await expectAccessible(page);
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "JSON Lines" }).click();
    const file = await download;
    expect(file.suggestedFilename()).toMatch(/^activity-\d{4}-\d\d-\d\d\.jsonl$/);
    const text = readFileSync(await file.path(), "utf8");
    expect(JSON.parse(text)).toMatchObject({ actor: admin.email, action: "copied", key: KEY });
    await context.close();
  }
});

test("an import is one line that opens", async ({ page, context, person }) => {
  const whole = crypto.randomUUID();
  const event = { actor_id: person.id, owner_type: "user", owner_id: person.id };
  const keys = Array.from({ length: 200 }, (_, index) => `KEY_${index}`);
  await insertRows(
    "vault_events",
    keys.map((key) => ({ ...event, key, action: "created", import_id: whole })),
  );
  await insertRows("vault_events", { ...event, id: whole, action: "imported", details: { count: 200 } });
  await enter(context, person);
  await page.goto("/activity");
  await expect(main(page).getByRole("listitem")).toHaveCount(1);
  await expect(main(page).getByRole("listitem")).toContainText("You imported 200 keys");
  const toggle = page.getByRole("button", { name: "Show keys" });
  await expect(toggle).toHaveAttribute("aria-expanded", "false");
  await toggle.focus();
  await page.keyboard.press("Enter");
  const parts = page.getByRole("list", { name: "Imported keys" });
  await expect(parts.getByRole("listitem")).toHaveCount(200);
  await expect(page.getByRole("button", { name: "Hide keys" })).toBeFocused();
  expect(new Set(await parts.getByRole("link").allTextContents())).toEqual(new Set(keys));
  await expectAccessible(page);
  await page.keyboard.press("Enter");
  await expect(parts).toHaveCount(0);
});

test("a new account finds out what the page is for", async ({ page, account }) => {
  expect(account).toBeDefined();
  await page.getByRole("link", { name: "Activity" }).click();
  await expect(main(page)).toContainText("No activity yet.");
  await expectAccessible(page);
});

test("a long list goes on, with the keyboard, and after a failure", async ({ page, context, person }) => {
  const event = { actor_id: person.id, owner_type: "user", owner_id: person.id, action: "created" };
  const events = Array.from({ length: 70 }, (_, index) => ({ ...event, key: `KEY_${index}` }));
  await insertRows("vault_events", events);
  await enter(context, person);
  await page.goto("/activity");
  const items = main(page).getByRole("listitem");
  await expect(items).toHaveCount(30);

  await page.route(`**${EVENTS}?*`, (route) => route.abort());
  await page.getByRole("button", { name: "Show more" }).focus();
  await page.keyboard.press("Enter");
  await expect(main(page).getByRole("alert")).toContainText("The server can't be reached.");
  await expectAccessible(page);
  await page.unroute(`**${EVENTS}?*`);
  await expect(page.getByRole("button", { name: "Try again" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(items).toHaveCount(60);
  await expect(main(page).getByRole("alert")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Show more" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(items).toHaveCount(70);
  await expect(page.getByText("That's everything.")).toBeFocused();
  await expect(main(page).getByRole("status")).toHaveText("70 entries shown");
  const names = await items.getByRole("link").allTextContents();
  expect(new Set(names)).toEqual(new Set(events.map(({ key }) => key)));
});

test("each entry stands under the day on which it was, where the person is", async ({ browser, person }) => {
  const at = (created_at: string) => ({
    actor_id: person.id,
    owner_type: "user",
    owner_id: person.id,
    key: KEY,
    action: "set",
    created_at,
  });
  await insertRows("vault_events", [at("2026-03-10T12:00:00Z"), at("2026-03-10T23:30:00Z")]);
  const headings = async (timezoneId: string) => {
    const context = await browser.newContext({ timezoneId });
    await enter(context, person);
    const page = await context.newPage();
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    await page.goto("/activity");
    await expect(main(page).getByRole("listitem")).toHaveCount(2);
    const found = main(page).getByRole("heading", { level: 2 });
    return { found, problems, context };
  };
  const west = await headings("America/New_York");
  await expect(west.found).toHaveText(["Tuesday, March 10, 2026"]);
  const east = await headings("Asia/Tokyo");
  await expect(east.found).toHaveText(["Wednesday, March 11, 2026", "Tuesday, March 10, 2026"]);
  expect([...west.problems, ...east.problems]).toEqual([]);
  await west.context.close();
  await east.context.close();
});

test.describe("a team's activity", () => {
  test("is its admins' to see, with who it was; a member is told so, and gets none of it", async ({
    page,
    context,
    browser,
    person: admin,
  }) => {
    const member = await newPerson();
    const team = await newTeam({ admin, member });
    const value = newKey();
    expectOk(await as(admin)("/api/vault", post({ key: KEY, value, team_id: team })), 201);
    expectOk(await as(member)("/api/vault/check", post({ key: KEY, team_id: team })));

    await enter(context, admin);
    await page.goto(`/activity?team=${team}`);
    const items = main(page).getByRole("listitem").filter({ hasText: KEY });
    await expect(items).toHaveCount(2);
    await expect(items.nth(0)).toContainText(`${member.email} checked ${KEY} with its provider`);
    await expect(items.nth(1)).toContainText(`You added ${KEY}`);
    await page.getByRole("link", { name: KEY, exact: true }).first().click();
    await expect(page).toHaveURL(`/activity?team=${team}&key=${KEY}`);
    await page.goto("/activity");
    await expect(main(page)).toContainText("No activity yet.");

    const theirs = await browser.newContext();
    await enter(theirs, member);
    const other = await theirs.newPage();
    await other.goto(`/activity?team=${team}`);
    await expect(main(other)).toContainText("Only admins of Test team can see its activity.");
    expect(await other.content()).not.toContain(KEY);
    await expectAccessible(other);
    await theirs.close();
  });

  test("has links that stay while the browser corrects the names of the days", async ({
    page,
    context,
    person,
  }) => {
    expectOk(await as(person)("/api/vault", post({ key: KEY, value: newKey() })), 201);
    await enter(context, person);
    const release = await holdScripts(page);
    await page.goto("/activity", { waitUntil: "commit" });
    const link = await page.getByRole("link", { name: KEY, exact: true }).elementHandle();
    release();
    await expect(page.getByRole("region", { name: "Today" })).toBeVisible();
    // A click that had begun on another one would be lost.
    expect(await link?.evaluate(({ isConnected }) => isConnected)).toBe(true);
  });

  test("begins with the keys that people who left have seen", async ({ page, context, person: admin }) => {
    const [leaver, gone] = [await newPerson(), crypto.randomUUID()];
    const team = await newTeam({ admin });
    await insertRows("team_members", { team_id: team, user_id: leaver.id, role: "admin" });
    const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
    // Stored past the app, which would have written down that this is a new value.
    const secret = { owner_type: "team", owner_id: team, encrypted_value: "v1.garbage" };
    await insertRows("vault_secrets", [
      { ...secret, key: KEY },
      { ...secret, key: OTHER },
    ]);
    const seen = { owner_type: "team", owner_id: team, action: "revealed", created_at: minutesAgo(30) };
    await insertRows("vault_events", [
      { ...seen, actor_id: leaver.id, key: KEY },
      { ...seen, actor_id: leaver.id, key: OTHER },
      { ...seen, actor_id: gone, key: OTHER },
    ]);

    await enter(context, admin);
    await page.goto(`/activity?team=${team}`);
    const notice = page.getByRole("region", {
      name: "Rotate these keys: people who left the team have seen them",
    });
    const keys = notice.getByRole("list").first().locator(":scope > li");
    await expect(keys).toHaveCount(1);
    await expect(keys).toContainText(["A deleted account"]);
    await askDatabase(`/rest/v1/team_members?user_id=eq.${leaver.id}`, { method: "DELETE" });
    await page.reload();
    await expect(keys).toHaveCount(2);
    await expect(keys.nth(0)).toContainText(leaver.email);
    await expect(keys.nth(0)).toContainText(KEY);
    await expect(keys.nth(0)).toContainText("last seen 30 minutes ago");
    await expect(notice.getByRole("link", { name: "Open the team's vault" })).toHaveAttribute(
      "href",
      `/dashboard?team=${team}#vault`,
    );
    await expectAccessible(page);
    for (const width of [320, 768, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    }

    // The vault says it at the key itself, until its value is another one.
    await notice.getByRole("link", { name: "Open the team's vault" }).click();
    const vault = new VaultPanel(page);
    await expect(vault.row(KEY)).toContainText(`Seen by ${leaver.email}, no longer in the team.`);
    await expect(vault.row(OTHER)).toContainText("a deleted account, no longer in the team.");
    await expectAccessible(page);

    // An admin says that a key is another one at its provider, after a question.
    await page.goto(`/activity?team=${team}`);
    await page.getByRole("button", { name: `Mark as rotated: ${OTHER}` }).focus();
    await page.keyboard.press("Enter");
    const question = page.getByRole("alertdialog");
    await expect(question).toContainText("from the list for every admin of the team");
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("button", { name: `Mark as rotated: ${OTHER}` })).toBeFocused();
    await page.keyboard.press("Enter");
    await question.getByRole("button", { name: "Yes, it was rotated" }).click();
    await expect(keys).toHaveCount(1);
    await expect(keys).not.toContainText([OTHER]);
    await page.reload();
    await expect(page.getByText(`You confirmed that ${OTHER} was rotated at its provider`)).toBeVisible();
    expectOk(await as(admin)(`/api/vault?key=${KEY}&team_id=${team}`, { method: "DELETE" }), 204);
    await page.reload();
    await expect(notice).toHaveCount(0);
  });
});
