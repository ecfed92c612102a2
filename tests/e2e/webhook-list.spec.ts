import { verified } from "../support/webhook-receiver";
import {
  comeBack,
  discard,
  expect,
  expectAccessible,
  loadAnew,
  newcomer,
  newKey,
  newSession,
  newTeam,
  RevealPanel,
  VaultPanel,
  WebhookPanel,
} from "./fixtures";
import { setColumns, test } from "./webhook-panel";

test("of many webhooks the first three are shown, and whatever needs somebody", async ({
  page,
  webhooks,
}) => {
  const { panel, rows } = webhooks;
  const add = (name: string) =>
    webhooks.given({ url: `https://example.com/${name}`, description: `The hook ${name}` });
  for (const name of ["a", "b", "c"]) {
    const data = { url: `https://example.com/${name}`, description: `The hook ${name}` };
    expect((await page.request.post("/api/webhooks", { data })).status()).toBe(201);
  }
  await add("d");
  await expect(rows).toHaveCount(4);
  const { id } = await add("e");
  await expect(rows).toHaveCount(3);
  await setColumns(id, { failures: 3 });
  await comeBack(page, (soon) => soon(rows).toContainText(["hook a", "hook b", "hook c", "hook e"]));
  const all = panel.getByRole("button", { name: "Show all 5 webhooks", expanded: false });
  await all.click();
  await expect(rows).toHaveCount(5);
  await panel.getByRole("button", { name: "Show fewer webhooks", expanded: true }).click();
  await expect(rows).toHaveCount(4);
  await expectAccessible(page);
  await webhooks.add("https://example.com/f");
  await webhooks.done();
  await expect(rows).toContainText(["hook a", "hook b", "hook c", "hook d", "hook e", "example.com"]);
});

test("what an admin who left answered for is paused, and resumed or deleted by another one", async ({
  page,
  browser,
  webhooks,
  receiver,
}) => {
  const leaver = await (await browser.newContext()).newPage();
  const { email } = await newSession(leaver);
  const team = await newTeam("Cartography", page, leaver);
  const { members } = await (await page.request.get(`/api/teams/${team}`)).json();
  const { user_id } = members.find((member: { email: string }) => member.email === email);
  const membership = `/api/teams/${team}/members/${user_id}`;
  expect((await page.request.patch(membership, { data: { role: "admin" } })).ok()).toBe(true);
  const settings = { team_id: team, events: ["reveal.failed"] };
  for (const name of ["one", "two", "three"]) {
    const data = { ...settings, url: `${receiver.url}/${name}`, description: `Hook ${name}` };
    expect((await leaver.request.post("/api/webhooks", { data })).status()).toBe(201);
  }
  expect((await page.request.delete(membership)).ok()).toBe(true);

  await page.goto(`/activity?team=${team}`);
  const notice = page.getByRole("region", { name: /^These webhooks are paused/ });
  const items = notice.getByRole("listitem");
  await expect(items).toHaveCount(3);
  await expect(items.first()).toContainText(
    `${new URL(receiver.url).origin}/…Hook one${email}, paused just now`,
  );
  await expectAccessible(page);
  const question = page.getByRole("alertdialog");
  await notice.getByRole("button", { name: /^Resume.*Hook one/ }).click();
  await expect(question).toContainText("events are sent to this address again");
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(items).toHaveCount(3);
  await notice.getByRole("button", { name: /^Resume.*Hook one/ }).click();
  await question.getByRole("button", { name: "Resume" }).click();
  await expect(items).toHaveCount(2);
  await notice.getByRole("button", { name: /^Delete.*Hook two/ }).click();
  await question.getByRole("button", { name: "Delete" }).click();
  await expect(items).toHaveCount(1);

  await page.goto(`/dashboard?team=${team}`);
  const row = webhooks.rows.filter({ hasText: "Hook three" });
  await expect(row).toContainText(`${email} is no longer an admin of this team.`);
  await expect(webhooks.rows.filter({ hasText: "Hook one" })).toContainText("Active");
  await expectAccessible(page);
  await webhooks.button(/^Resume/, "Hook three").click();
  await expect(question).toContainText("events are sent to this address again");
  await question.getByRole("button", { name: "Resume" }).click();
  await expect(row).toContainText("Active");
  await page.goto(`/team?team=${team}`);
  await expect(page.getByRole("heading", { name: "Cartography" })).toBeVisible();
  await expect(notice).toHaveCount(0);
});

test("what another window has done is said: added, deleted, signed out", async ({
  page,
  context,
  webhooks,
  receiver,
}) => {
  const message = page.getByText("This webhook was deleted elsewhere.");
  const remove = (id: string) => page.request.delete(`/api/webhooks?id=${id}`);
  for (const [name, act] of [
    ["a test", () => webhooks.button(/^Send a test/).click()],
    ["deliveries", () => webhooks.button(/^Deliveries/).click()],
    ["pausing", () => webhooks.button(/^Pause/).click()],
  ] as const) {
    await remove((await webhooks.given({ url: receiver.url })).id);
    await act();
    await expect(message, name).toBeVisible();
    await expect(webhooks.rows, name).toHaveCount(0);
    await expect(webhooks.dialog, name).toBeHidden();
  }

  const { id } = await webhooks.given({ url: receiver.url });
  await webhooks.button(/^Edit/).click();
  await webhooks.dialog.getByLabel("Description").fill("Too late");
  await remove(id);
  await webhooks.dialog.getByRole("button", { name: "Save changes" }).click();
  await expect(message).toBeVisible();
  await expect(webhooks.rows).toHaveCount(0);

  await page.request.post("/api/webhooks", { data: { url: receiver.url } });
  await webhooks.panel.getByRole("button", { name: "Add a webhook" }).click();
  await webhooks.dialog.getByLabel("Address").fill(receiver.url);
  await webhooks.dialog.getByRole("button", { name: "Add webhook" }).click();
  await expect(webhooks.dialog.getByRole("alert")).toContainText(
    "There's already a webhook with this address. Change that one.",
  );
  await discard(page);
  // Coming back to the window brings it up to date.
  await comeBack(page, (soon) => soon(webhooks.rows).toHaveCount(1));

  await context.clearCookies();
  await webhooks.button(/^Pause/).click();
  await expect(page.getByText("Your session has ended.")).toBeVisible();
  await webhooks.button(/^Deliveries/).click();
  await expect(webhooks.dialog.getByRole("alert")).toHaveText("Your session has ended. Sign in");
  await webhooks.dialog.getByRole("link", { name: "Sign in" }).click();
  await expect(page).toHaveURL("/login");
});

test("a team's admin manages its webhooks, which hear of the team alone; a member sees none", async ({
  page,
  browser,
  webhooks,
  receiver,
}) => {
  const member = await (await browser.newContext()).newPage();
  await newcomer(member);
  const team = await newTeam("Cartography", page, member);
  await page.goto(`/dashboard?team=${team}`);
  await expect(webhooks.panel).toContainText("the team's systems");
  const secret = await webhooks.add(receiver.url);
  await webhooks.done();
  const vault = new VaultPanel(page);
  await vault.add("ANTHROPIC_API_KEY", newKey());
  await receiver.waitFor(1);

  await member.goto(`/dashboard?team=${team}`);
  await expect(new VaultPanel(member).row("ANTHROPIC_API_KEY")).toBeVisible();
  await expect(new WebhookPanel(member).panel).toHaveCount(0);
  await new RevealPanel(member).run();
  const received = await receiver.waitFor(2);
  expect(received.map((request) => verified(secret, request).data)).toMatchObject([
    { owner_type: "team", owner_id: team },
    { team_id: team, source: "team", status: "completed" },
  ]);
  // One's own workspace has none.
  await page.goto("/dashboard");
  await expect(webhooks.panel).toContainText("Notify your systems");

  await page.goto(`/dashboard?team=${team}`);
  const members = `/api/teams/${team}/members`;
  const { members: people } = await (await page.request.get(`/api/teams/${team}`)).json();
  const find = (isYou: boolean) => people.find((one: { is_you: boolean }) => one.is_you === isYou).user_id;
  expect((await page.request.patch(`${members}/${find(false)}`, { data: { role: "admin" } })).ok()).toBe(
    true,
  );
  expect((await member.request.patch(`${members}/${find(true)}`, { data: { role: "member" } })).ok()).toBe(
    true,
  );
  await webhooks.button(/^Pause/).click();
  await expect(page.getByText("Only a team admin can do this. Ask an admin of the team.")).toBeVisible();
  await expect(webhooks.rows).toContainText("Active");
});

test("everything is done with the keyboard", async ({ page, webhooks, receiver }) => {
  await loadAnew(page);
  const { panel, dialog } = webhooks;
  const press = (key: string) => page.keyboard.press(key);
  await panel.getByRole("button", { name: "Add a webhook" }).focus();
  await press("Enter");
  await expect(dialog.getByLabel("Address")).toBeFocused();
  await page.keyboard.type(receiver.url);
  await press("Enter");
  await expect(dialog.getByLabel("Signing secret")).toBeFocused();
  for (let step = 0; step < 3; step++) await press("Tab");
  await expect(dialog.getByRole("button", { name: "Done" })).toBeFocused();
  await press("Enter");
  await expect(panel.getByRole("button", { name: "Add a webhook" })).toBeFocused();
  await press("Tab");
  await expect(webhooks.button(/^Send a test/)).toBeFocused();
  await press("Enter");
  await expect(webhooks.rows).toContainText("Test: Delivered");
  await expect(webhooks.button(/^Send a test/)).toBeFocused();
  await press("ArrowRight");
  await press("Enter");
  const item = dialog.getByRole("listitem");
  await expect(item).toContainText("Test");
  await item.locator("summary").focus();
  await press("Enter");
  await press("Tab");
  await expect(item.getByRole("group", { name: "Response" })).toBeFocused();
  await press("Tab");
  await expect(item.getByRole("group", { name: "Request" })).toBeFocused();
  await press("Tab");
  await press("Enter");
  await expect(dialog).toContainText("Sent again: Delivered.");
  await press("Escape");
  await expect(webhooks.button(/^Deliveries/)).toBeFocused();
});

test("without a webhook the panel takes one line, and the vault comes first", async ({ page, webhooks }) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await loadAnew(page);
  const height = async () => (await webhooks.panel.boundingBox())?.height;
  expect(await height()).toBeLessThanOrEqual(64);
  await page.setViewportSize({ width: 320, height: 700 });
  await page.goto("/dashboard#webhooks");
  await expect(webhooks.panel.getByRole("button", { name: "Add a webhook" })).toBeInViewport();
  expect(await height()).toBeLessThanOrEqual(120);
});

test("the panel is accessible empty, filled and with each dialog", async ({ page, webhooks, receiver }) => {
  await loadAnew(page);
  await expectAccessible(page);
  await webhooks.add(receiver.url);
  await expectAccessible(page);
  await webhooks.done();
  await expectAccessible(page);
  await webhooks.button(/^Edit/).click();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await webhooks.button(/^Deliveries/).click();
  await expect(webhooks.dialog).toContainText("Nothing sent yet.");
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await webhooks.button(/^Delete/).click();
  await expectAccessible(page);
});

for (const width of [320, 768, 1440]) {
  test(`no webhook is wider than a window of ${width} pixels`, async ({ page, webhooks, receiver }) => {
    await page.setViewportSize({ width, height: 700 });
    // A small window shows one panel at a time.
    if (width < 1024) await page.goto("/dashboard#webhooks");
    await webhooks.given({
      url: `${receiver.url}/${"a-very-long-path/".repeat(60)}`,
      description: "W".repeat(500),
    });
    receiver.answer = { status: 500, body: "x".repeat(2_000) };
    await webhooks.button(/^Send a test/).click();
    await expect(webhooks.rows).toContainText("Test: Failed");
    const expectItFits = async (what: string) => {
      const wider = await page.evaluate(() =>
        [
          document.documentElement,
          ...document.querySelectorAll("[role=dialog], [role=alertdialog], [data-slot=dialog-body], main"),
        ]
          .map((element) => element.scrollWidth - element.clientWidth)
          .filter((overflow) => overflow > 0),
      );
      expect(wider, what).toEqual([]);
    };
    await expectItFits("the row");
    for (const name of ["Edit", "Deliveries", "Delete"]) {
      await webhooks.button(new RegExp(`^${name}`)).click();
      const dialog = page.getByRole(name === "Delete" ? "alertdialog" : "dialog");
      await expect(dialog).toBeVisible();
      if (name === "Deliveries") {
        await dialog.getByText("Details").click();
        await expect(dialog.getByRole("group", { name: "Response" })).toBeVisible();
      }
      await expectItFits(name);
      await page.keyboard.press("Escape");
      await expect(dialog).toBeHidden();
    }
  });
}
