import { verified } from "../support/webhook-receiver";
import { askDatabase, insertRows } from "./api/client";
import { expect, expectAccessible, newValue, VaultPanel } from "./fixtures";
import { setColumns, test } from "./webhook-panel";

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
  await expect(rows).toContainText("3 failures in a row. It's paused after 20.");
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
