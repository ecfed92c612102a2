import type { Page } from "@playwright/test";
import { NO_PLATFORM_KEY_URL } from "../support/ports";
import { verified } from "../support/webhook-receiver";
import {
  expect,
  expectAccessible,
  loadAnew,
  newcomer,
  newKey,
  RevealPanel,
  VaultPanel,
  WebhookPanel,
} from "./fixtures";
import { setColumns, test } from "./webhook-panel";

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
  await loadAnew(page);
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
  await loadAnew(page);
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

test("deleting asks first, and the focus goes to the neighbour", async ({ page, webhooks }) => {
  const data = { url: "https://example.com/a", description: "First" };
  expect((await page.request.post("/api/webhooks", { data })).status()).toBe(201);
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
