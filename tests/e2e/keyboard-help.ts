import type { Locator, Page } from "@playwright/test";
import { expect, loadAnew, WebhookPanel } from "./fixtures";

/** Stores webhooks at these addresses through the API, and shows them. */
export async function withWebhooks(page: Page, ...hosts: string[]): Promise<WebhookPanel> {
  for (const host of hosts) {
    const reply = await page.request.post("/api/webhooks", {
      data: { url: `https://${host}.example.com/hook` },
    });
    expect(reply.status()).toBe(201);
  }
  await loadAnew(page);
  return new WebhookPanel(page);
}

/** Puts the focus there as the keyboard does, which is when browsers show it. */
export async function focusByKeyboard(page: Page, control: Locator): Promise<void> {
  await page.keyboard.press("Shift");
  await control.focus();
}
