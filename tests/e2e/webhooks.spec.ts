import type { Page } from "@playwright/test";
import { NO_PLATFORM_KEY_URL } from "../support/ports";
import { startWebhookReceiver, verified, type WebhookReceiver } from "../support/webhook-receiver";
import { askDatabase, insertRows } from "./api/client";
import {
  test as base,
  comeBack,
  discard,
  expect,
  expectAccessible,
  newcomer,
  newKey,
  newTeam,
  newValue,
  RevealPanel,
  VaultPanel,
  WebhookPanel,
} from "./fixtures";

/** `webhooks` is the panel of somebody who has just signed up, `receiver` listens for what is sent. */
const test = base.extend<{ webhooks: WebhookPanel; receiver: WebhookReceiver }>({
  webhooks: async ({ page }, use) => {
    await newcomer(page);
    await use(new WebhookPanel(page));
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants it
  receiver: async ({}, use) => {
    const receiver = await startWebhookReceiver();
    await use(receiver);
    await receiver.close();
  },
});

/** Sets columns of a webhook past the app, for states that take long to come about. */
async function setColumns(id: string, columns: object): Promise<void> {
  const { status, text } = await askDatabase(`/rest/v1/webhooks?id=eq.${id}`, {
    method: "PATCH",
    body: columns,
  });
  expect(status, text).toBe(200);
}

/** Everything that the browser keeps or shows of this page. */
const everythingOf = (page: Page) =>
  page.evaluate(() =>
    JSON.stringify([
      document.documentElement.outerHTML,
      [...document.querySelectorAll("input, textarea")].map((field) => (field as HTMLInputElement).value),
      { ...sessionStorage },
      { ...localStorage },
      document.cookie,
      location.href,
      history.state,
    ]),
  );

test("a webhook is added, and what happens arrives, verified with the secret that was shown once", async ({
  page,
  webhooks,
  receiver,
}) => {
  const { panel, dialog } = webhooks;
  await expect(panel).toContainText("Notify your systems when a run ends or a key changes.");
  await panel.getByRole("button", { name: "Add a webhook" }).click();
  await dialog.getByLabel("Address").fill(receiver.url);
  await dialog.getByLabel("Description").fill("The deploy bot");
  await dialog.getByRole("checkbox", { name: /Secret revealed or copied/ }).uncheck();
  await dialog.getByRole("button", { name: "Add webhook" }).click();
  const secret = await dialog.getByLabel("Signing secret").inputValue();
  expect(secret).toMatch(/^whsec_/);
  await expect(dialog).toContainText("You won't be able to see it again.");
  await webhooks.done();
  await expect(panel.getByRole("button", { name: "Add a webhook" })).toBeFocused();
  await expect(webhooks.rows).toContainText([
    /The deploy bot\s*All events but secret revealed or copied\s· Nothing delivered yet/,
  ]);
  const bare = secret.slice("whsec_".length);
  expect(await everythingOf(page)).not.toContain(bare);
  await page.reload();
  await expect(webhooks.rows).toHaveCount(1);
  expect(await everythingOf(page)).not.toContain(bare);

  const vault = new VaultPanel(page);
  await vault.add("ANTHROPIC_API_KEY", newKey());
  await vault.show("ANTHROPIC_API_KEY");
  await receiver.waitFor(1);
  await new RevealPanel(page).run();
  const received = await receiver.waitFor(2);
  const messages = received.map((request) => verified(secret, request));
  expect(messages.map(({ type }) => type)).toEqual(["vault.secret.created", "reveal.completed"]);
  expect(messages[0]?.data).toMatchObject({ keys: ["ANTHROPIC_API_KEY"], owner_type: "user" });
  expect(messages[1]?.data).toMatchObject({ source: "user", status: "completed" });
  // Without a reload.
  await expect(webhooks.rows).toContainText("Last delivered just now");

  await webhooks.button(/^Deliveries/).click();
  const items = dialog.getByRole("listitem");
  await expect(items).toHaveCount(2);
  await expect(items.first()).toContainText(
    /Delivered\s*Run completed\s*Responded with 204 after \d+ ms\. Attempt 1, just now/,
  );
  await items.first().getByText("Details").click();
  await expect(items.first().getByRole("group", { name: "Request" })).toContainText(
    '"type": "reveal.completed"',
  );
});

test("until the signing secret is copied, only a button closes its dialog", async ({
  page,
  context,
  webhooks,
  receiver,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const { dialog } = webhooks;
  const secret = await webhooks.add(receiver.url);
  await page.keyboard.press("Escape");
  await expect(dialog).toContainText("Not copied yet. You can't see it again after you select Done.");
  // Reloading asks, and the person stays.
  const asked = page.waitForEvent("dialog");
  await page.evaluate(() => void setTimeout(() => location.reload()));
  const question = await asked;
  expect(question.type()).toBe("beforeunload");
  await question.dismiss();
  await expect(dialog.getByLabel("Signing secret")).toHaveValue(secret);
  await page.mouse.click(5, 5);
  await expect(dialog).toBeVisible();
  await dialog.getByRole("button", { name: "Copy the signing secret" }).click();
  await expect(page.getByText("Signing secret copied")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(secret);
  await expect(dialog).not.toContainText("Not copied yet.");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
});

test("what is wrong with an address is said beside it, and nothing of the form is lost", async ({
  browser,
}) => {
  // The server that forbids private addresses, as in production.
  const page = await (await browser.newContext()).newPage();
  await newcomer(page, NO_PLATFORM_KEY_URL);
  const { panel, dialog, rows } = new WebhookPanel(page);
  const address = dialog.getByLabel("Address");
  const submit = dialog.getByRole("button", { name: "Add webhook" });
  await panel.getByRole("button", { name: "Add a webhook" }).click();
  await dialog.getByLabel("Description").fill("A try");
  await dialog.getByRole("checkbox", { name: /Run completed/ }).uncheck();
  for (const [url, sentence] of [
    ["", "Enter an address."],
    ["example.com/hook", "Enter an address that begins with https://"],
    ["https://name:word@example.com", "Leave out the username and password."],
    ["http://example.com/hook", "Enter an address that begins with https://."],
    ["https://127.0.0.1/hook", "No server on the internet can be found"],
    ["https://[::127.0.0.1]/hook", "No server on the internet can be found"],
  ] as const) {
    await address.fill(url);
    await expect(dialog.getByRole("alert")).toHaveCount(0);
    await submit.click();
    await expect(dialog.getByRole("alert")).toContainText(sentence);
    await expect(address).toBeFocused();
    await expect(address).toHaveAccessibleDescription(new RegExp(sentence.replaceAll(/[.?/]/g, "\\$&")));
  }
  await expectAccessible(page);
  await address.fill("https://127.0.0.1/hook");
  for (const box of await dialog.getByRole("checkbox").all()) await box.uncheck();
  await submit.click();
  await expect(dialog.getByRole("alert")).toContainText("Choose at least one event.");
  await expect(dialog.getByRole("checkbox").first()).toBeFocused();
  await expect(dialog.getByLabel("Description")).toHaveValue("A try");
  await page.keyboard.press("Escape");
  await expect(rows).toHaveCount(0);
});

test("a failing receiver shows its answer, and what is sent again has the same webhook-id", async ({
  page,
  webhooks,
  receiver,
}) => {
  const { secret } = await webhooks.given({ url: receiver.url });
  receiver.answer = { status: 500, body: "The disk is full." };
  const vault = new VaultPanel(page);
  await vault.add("OPENAI_API_KEY", newValue());
  // At once, after a second, and after five more.
  await receiver.waitFor(3);
  await webhooks.button(/^Deliveries/).click();
  const { dialog } = webhooks;
  const items = dialog.getByRole("listitem");
  await expect(items).toHaveCount(3);
  await expect(items.first()).toContainText(
    /Failed\s*Secret created\s*Responded with 500 after \d+ ms\. Attempt 3, just now.*\.\s*The disk is full\.Send again/,
  );
  await items.first().getByText("Details").click();
  await expect(items.first().getByRole("group", { name: "Response" })).toHaveText("The disk is full.");
  await expectAccessible(page);

  receiver.answer = { status: 204 };
  await items.first().getByRole("button", { name: "Send again" }).click();
  await expect(dialog.getByRole("status").filter({ hasText: "Sent again" })).toHaveText(
    /^Sent again: Delivered\. Responded with 204 after \d+ ms\.$/,
  );
  await expect(items.first()).toContainText(
    /Delivered\s*Secret created\s*Responded with 204 after \d+ ms\. Attempt 4/,
  );
  const received = await receiver.waitFor(4);
  expect(new Set(received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
  for (const request of received) verified(secret, request);
  await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
  await expect(webhooks.button(/^Deliveries/)).toBeFocused();
  await expect(webhooks.rows).toContainText("Last delivered just now");
});

test("a receiver that asks for more time than there is, or for a client certificate, is seen to do so", async ({
  page,
  webhooks,
  receiver,
}) => {
  const { id } = await webhooks.given({ url: receiver.url });
  receiver.answer = { status: 429, headers: { "Retry-After": "7200" }, body: "Too many." };
  await new VaultPanel(page).add("OPENAI_API_KEY", newValue());
  await receiver.waitFor(1);
  const refusal = {
    webhook_id: id,
    message_id: `msg_${crypto.randomUUID()}`,
    event: "vault.secret.rotated",
    payload: '{"type":"vault.secret.rotated"}',
    status: "failed",
    duration_ms: 20,
  };
  await insertRows("webhook_deliveries", [
    { ...refusal, attempt: 1, error: "client_certificate_required" },
    { ...refusal, attempt: 2, error: "tls_refused" },
  ]);
  await webhooks.button(/^Deliveries/).click();
  const { dialog } = webhooks;
  const items = dialog.getByRole("listitem");
  const asks = items.filter({ hasText: "Secret created" });
  const sentence =
    /Responded with 429 after \d+ ms\. The receiver asked for no retry before \w{3} \d{1,2}, \d{1,2}:\d\d\s[AP]M\. It isn't retried automatically; use Send again\./;
  await expect(asks).toContainText(sentence);
  await expect(asks).toHaveCount(1);
  await expect(items.filter({ hasText: "Attempt 1" }).filter({ hasText: "Secret rotated" })).toContainText(
    "The receiver requires a client certificate, which this app doesn't send.",
  );
  await expect(items.filter({ hasText: "Attempt 2" })).toContainText(
    "The receiver refused the encrypted connection with a TLS alert.",
  );
  await expectAccessible(page);

  receiver.answer = { status: 204 };
  await asks.getByRole("button", { name: "Send again" }).click();
  await expect(dialog).toContainText("Sent again: Delivered.");
  expect(receiver.received).toHaveLength(2);
});

test("an attempt that was interrupted says so, and one under way is followed to its end", async ({
  page,
  webhooks,
  receiver,
}) => {
  const { id } = await webhooks.given({ url: receiver.url });
  const row = {
    webhook_id: id,
    message_id: `msg_${crypto.randomUUID()}`,
    event: "vault.secret.rotated",
    payload: '{"type":"vault.secret.rotated"}',
    attempt: 1,
  };
  const at = (age: number) => ({ ...row, created_at: new Date(Date.now() - age).toISOString() });
  const [waiting] = await insertRows("webhook_deliveries", [at(0), at(60_000)]);
  await webhooks.button(/^Deliveries/).click();
  const items = webhooks.dialog.getByRole("listitem");
  await expect(items.first()).toContainText("In progress");
  await expect(items.first().getByRole("button", { name: "Send again" })).toHaveCount(0);
  await expect(items.last()).toContainText("It may or may not have arrived.");
  await askDatabase(`/rest/v1/webhook_deliveries?id=eq.${waiting?.id}`, {
    method: "PATCH",
    body: { status: "failed", error: "timeout", duration_ms: 5000 },
  });
  // By itself.
  await expect(items.first()).toContainText("No response within 5 seconds.");
  await items.last().getByRole("button", { name: "Send again" }).click();
  await expect(webhooks.dialog).toContainText("Sent again: Delivered.");
  expect((await receiver.waitFor(1))[0]?.body).toBe(row.payload);
  await expect(items).toHaveCount(3);
  await page.keyboard.press("Escape");
  await expect(webhooks.dialog).toBeHidden();
});

test("a test is sent at the press of a button, which says what became of it", async ({
  page,
  webhooks,
  receiver,
}) => {
  const { secret } = await webhooks.given({ url: receiver.url });
  await webhooks.button(/^Send a test/).click();
  await expect(webhooks.rows).toContainText(
    /Test: Delivered\s*Responded with 204 after \d+ ms\. Sent just now/,
  );
  await expect(webhooks.panel.getByRole("status")).toContainText(/Delivered\. Responded with 204 after/);
  const [request] = await receiver.waitFor(1);
  expect(request && verified(secret, request).type).toBe("webhook.test");
  receiver.answer = { status: 302, headers: { location: "https://example.com" } };
  await webhooks.button(/^Send a test/).click();
  await expect(webhooks.rows).toContainText(
    /Test: Failed\s*Responded with 302 after \d+ ms\. Redirects aren't followed/,
  );
  await expect(webhooks.rows).toContainText("The last attempt failed");
  await receiver.close();
  await webhooks.button(/^Send a test/).click();
  await expect(webhooks.rows).toContainText("The server refused the connection.");
  await expect(webhooks.rows).toContainText("2 failures in a row");
  await expectAccessible(page);
});

test("a receiver that fails slowly is seen to fail without a reload, and what is sent again corrects it", async ({
  page,
  webhooks,
  receiver,
}) => {
  const { rows, dialog } = webhooks;
  await webhooks.given({ url: receiver.url });
  receiver.answer = { status: 503, body: "<p>Down</p>" };
  await new VaultPanel(page).add("OPENAI_API_KEY", newValue());
  await expect(rows).toContainText("2 failures in a row");
  await expect(rows).toContainText("Active");
  // The third attempt is made 6 s after the first.
  await expect(rows).toContainText("3 failures in a row. It's paused after 20.", { timeout: 15_000 });
  await expect(rows).toContainText("Failing");
  await webhooks.button(/^Send a test/).click();
  await expect(rows).toContainText("Test: Failed");
  await expect(rows).toContainText("4 failures in a row");
  await expectAccessible(page);

  receiver.answer = { status: 204 };
  await rows.getByText("Deliveries").click();
  await expect(dialog.getByRole("heading", { name: "Deliveries" })).toBeFocused();
  // Markup is for Details.
  await expect(dialog.getByRole("listitem").first()).toContainText("<p>Down</p>");
  await expect(dialog.getByText("<p>Down</p>").filter({ visible: true })).toHaveCount(0);
  await dialog.getByRole("button", { name: /^Send again.*Test/ }).click();
  await expect(dialog).toContainText("Sent again: Delivered.");
  await page.keyboard.press("Escape");
  await expect(rows).toContainText("Active");
  await expect(rows).not.toContainText("Test:");
});

test("of many webhooks the first three are shown, and whatever needs somebody", async ({
  page,
  webhooks,
}) => {
  const { panel, rows } = webhooks;
  const add = (name: string) =>
    webhooks.given({ url: `https://example.com/${name}`, description: `The hook ${name}` });
  for (const name of ["a", "b", "c", "d"]) await add(name);
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

test("a paused webhook is sent nothing until it is resumed", async ({ page, webhooks, receiver }) => {
  await webhooks.given({ url: receiver.url });
  await expect(webhooks.rows).toContainText("Active");
  await webhooks.button(/^Pause/).focus();
  await page.keyboard.press("Enter");
  await expect(webhooks.rows).toContainText("Paused");
  await expect(webhooks.button(/^Resume/)).toBeFocused();
  const vault = new VaultPanel(page);
  await vault.add("OPENAI_API_KEY", newValue());
  await page.keyboard.press("Escape");
  await webhooks.button(/^Resume/).click();
  await expect(webhooks.rows).toContainText("Active");
  await vault.remove("OPENAI_API_KEY");
  const [first] = await receiver.waitFor(1);
  expect(JSON.parse(first?.body ?? "{}").type).toBe("vault.secret.deleted");
});

test("twenty failures in a row, and a receiver that is gone, pause a webhook, which says what to do", async ({
  page,
  webhooks,
  receiver,
}) => {
  const { id } = await webhooks.given({ url: receiver.url });
  await setColumns(id, { failures: 19 });
  receiver.answer = { status: 503 };
  await webhooks.button(/^Send a test/).click();
  await expect(webhooks.rows).toContainText("Paused after 20 failures");
  await expect(webhooks.rows).toContainText("Once the receiver works and a test arrives, resume it.");
  await webhooks.button(/^Resume/).click();
  await expect(webhooks.rows).toContainText("Active");
  await expect(webhooks.rows).not.toContainText("failures");
  receiver.answer = { status: 410 };
  await webhooks.button(/^Send a test/).click();
  await expect(webhooks.rows).toContainText("Receiver gone (410)");
  await expectAccessible(page);
});

test("a webhook that paused itself has a badge until somebody looks at its deliveries", async ({
  page,
  webhooks,
  receiver,
}) => {
  const { id } = await webhooks.given({ url: receiver.url });
  const tab = (name: string) => page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name });
  const badge = webhooks.panel.getByText("Newly paused");
  await expect(tab("Dashboard")).toHaveAccessibleName("Dashboard");
  receiver.answer = { status: 410 };
  await webhooks.button(/^Send a test/).click();
  await expect(badge).toBeVisible();
  await page.goto("/usage");
  await expect(tab("Dashboard")).toHaveAccessibleName("Dashboard (a webhook was paused)");
  await expectAccessible(page);
  await tab("Dashboard").click();
  await expect(badge).toBeVisible();
  await expectAccessible(page);
  await webhooks.button(/^Deliveries/).click();
  await expect(webhooks.dialog).toContainText("The receiver doesn't want more messages.");
  await page.keyboard.press("Escape");
  await expect(badge).toBeHidden();
  await expect(tab("Dashboard")).toHaveAccessibleName("Dashboard");
  await page.reload();
  await expect(webhooks.rows).toContainText("Receiver gone (410)");
  await expect(badge).toBeHidden();

  // Resuming is looking, too.
  await setColumns(id, { pause_is_unseen: true });
  await page.reload();
  await expect(badge).toBeVisible();
  await webhooks.button(/^Resume/).click();
  await expect(badge).toBeHidden();
  await expect(tab("Dashboard")).toHaveAccessibleName("Dashboard");
});

test("a webhook without a signing secret gets one with one click", async ({ page, webhooks, receiver }) => {
  const { id } = await webhooks.given({ url: receiver.url });
  await setColumns(id, { encrypted_secret: null, pause_reason: "no_secret" });
  await page.reload();
  await expect(webhooks.rows).toContainText("Needs a signing secret");
  await expect(webhooks.button(/^(Send a test|Pause|Resume)/)).toHaveCount(0);
  await expectAccessible(page);
  await webhooks.button(/^Deliveries/).click();
  await expect(webhooks.dialog).toContainText("Nothing sent yet: this webhook has no signing secret.");
  await page.keyboard.press("Escape");
  await webhooks.button(/^Create one/).click();
  const secret = await webhooks.dialog.getByLabel("Signing secret").inputValue();
  await webhooks.done();
  await expect(webhooks.rows).toContainText("Active");
  await webhooks.button(/^Send a test/).click();
  const [request] = await receiver.waitFor(1);
  expect(request && verified(secret, request).type).toBe("webhook.test");
});

test("address, description and events are edited, and a new signing secret replaces the old one", async ({
  page,
  webhooks,
  receiver,
}) => {
  const { secret: old } = await webhooks.given({ url: "https://example.com/old", description: "Before" });
  const { dialog } = webhooks;
  await webhooks.button(/^Edit/).click();
  await dialog.getByLabel("Address").fill(receiver.url);
  await dialog.getByLabel("Description").fill("After");
  for (const box of await dialog.getByRole("checkbox").all()) await box.uncheck();
  await dialog.getByRole("checkbox", { name: /Run completed/ }).check();
  await dialog.getByRole("button", { name: "New signing secret" }).click();
  const question = page.getByRole("alertdialog", { name: "Create a new signing secret?" });
  await expect(question).toContainText("The current one stops working immediately");
  await expectAccessible(page);
  await question.getByRole("button", { name: "Create new secret" }).click();
  const shown = page.getByRole("dialog", { name: "Signing secret" });
  await expect(shown.getByLabel("Signing secret")).toBeFocused();
  const secret = await shown.getByLabel("Signing secret").inputValue();
  expect(secret).not.toBe(old);
  await shown.getByRole("button", { name: "Done" }).click();
  // The form is as it was.
  await expect(dialog.getByRole("button", { name: "New signing secret" })).toBeFocused();
  expect(await everythingOf(page)).not.toContain(secret.slice("whsec_".length));
  await dialog.getByRole("button", { name: "Save changes" }).click();
  await expect(webhooks.rows).toContainText(/After\s*Run completed\s· Nothing delivered yet/);
  await expect(webhooks.button(/^Edit/)).toBeFocused();
  const vault = new VaultPanel(page);
  await vault.add("ANTHROPIC_API_KEY", newKey());
  await new RevealPanel(page).run();
  const [request] = await receiver.waitFor(1);
  expect(request && verified(secret, request).type).toBe("reveal.completed");
});

test("the address is shown on request alone, and stays where it is not entered anew", async ({
  page,
  webhooks,
  receiver,
}) => {
  const path = "a-path-that-is-a-secret";
  await webhooks.given({ url: `${receiver.url}/${path}`, description: "Before" });
  const { dialog } = webhooks;
  const shown = `${new URL(receiver.url).origin}/…`;
  await expect(webhooks.rows).toContainText(shown);
  await webhooks.button(/^Edit/).click();
  const address = dialog.getByLabel("Address", { exact: true });
  await expect(address).toHaveValue("");
  await expect(address).toHaveAttribute("placeholder", shown);
  await expect(address).toHaveAccessibleDescription("Leave empty to keep the current address.");
  await dialog.getByLabel("Description").fill("After");
  await dialog.getByRole("button", { name: "Save changes" }).click();
  await expect(webhooks.rows).toContainText("After");
  expect(await everythingOf(page)).not.toContain(path);

  await webhooks.button(/^Send a test/).click();
  await expect(webhooks.rows).toContainText("Test: Delivered");
  await webhooks.button(/^Edit/).click();
  await dialog.getByRole("button", { name: "Show the address" }).click();
  await expect(address).toHaveValue(`${receiver.url}/${path}`);
  await expect(address).toBeFocused();
  await expectAccessible(page);
  // Saved as it was shown, it is no new address.
  await dialog.getByRole("button", { name: "Save changes" }).click();
  await expect(dialog).toBeHidden();
  await expect(webhooks.rows).toContainText("Test: Delivered");
  expect(await everythingOf(page)).not.toContain(path);

  await webhooks.button(/^Edit/).click();
  await address.fill(`${receiver.url}/another`);
  await dialog.getByRole("button", { name: "Save changes" }).click();
  await expect(dialog).toBeHidden();
  // What is known of the address from before.
  await expect(webhooks.rows).not.toContainText("Test: Delivered");
  await webhooks.button(/^Send a test/).click();
  await expect(webhooks.rows).toContainText("Test: Delivered");
  expect(receiver.received.map((request) => request.path)).toEqual([`/hook/${path}`, "/hook/another"]);
});

test("what an admin who left answered for is paused, and resumed or deleted by another one", async ({
  page,
  browser,
  webhooks,
  receiver,
}) => {
  const leaver = await (await browser.newContext()).newPage();
  const { email } = await newcomer(leaver);
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

test("deleting asks first, and the focus goes to the neighbour", async ({ page, webhooks }) => {
  await webhooks.given({ url: "https://example.com/a", description: "First" });
  await webhooks.given({ url: "https://example.com/b", description: "Second" });
  const question = page.getByRole("alertdialog", { name: "Delete this webhook?" });
  await webhooks.button(/^Delete/, "First").click();
  await expect(question).toContainText("https://example.com/…First");
  await expect(question).toContainText("Nothing more is sent to it.");
  await page.keyboard.press("Escape");
  await expect(webhooks.button(/^Delete/, "First")).toBeFocused();
  await page.keyboard.press("Enter");
  await question.getByRole("button", { name: "Delete" }).click();
  await expect(webhooks.rows).toHaveCount(1);
  await expect(webhooks.button(/^Delete/, "Second")).toBeFocused();
  await page.keyboard.press("Enter");
  await question.getByRole("button", { name: "Delete" }).click();
  await expect(webhooks.rows).toHaveCount(0);
  await expect(webhooks.panel.getByRole("button", { name: "Add a webhook" })).toBeFocused();
  await page.reload();
  await expect(webhooks.panel).toContainText("Notify your systems");
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
  const height = async () => (await webhooks.panel.boundingBox())?.height;
  expect(await height()).toBeLessThanOrEqual(64);
  await page.setViewportSize({ width: 320, height: 700 });
  await page.goto("/dashboard#webhooks");
  await expect(webhooks.panel.getByRole("button", { name: "Add a webhook" })).toBeInViewport();
  expect(await height()).toBeLessThanOrEqual(120);
});

test("the panel is accessible empty, filled and with each dialog", async ({ page, webhooks, receiver }) => {
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
