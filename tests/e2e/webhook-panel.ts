import { startWebhookReceiver, type WebhookReceiver } from "../support/webhook-receiver";
import { askDatabase } from "./api/client";
import { test as base, expect, newSession, WebhookPanel } from "./fixtures";

/** `webhooks` is the panel of somebody new, to be opened, `receiver` listens for what is sent. */
export const test = base.extend<{ webhooks: WebhookPanel; receiver: WebhookReceiver }>({
  webhooks: async ({ page }, use) => {
    await newSession(page);
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
export async function setColumns(id: string, columns: object): Promise<void> {
  const { status, text } = await askDatabase(`/rest/v1/webhooks?id=eq.${id}`, {
    method: "PATCH",
    body: columns,
  });
  expect(status, text).toBe(200);
}
