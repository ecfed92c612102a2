import type { webhooksApi } from "@/lib/webhooks/requests";
import type { Webhook } from "@/lib/webhooks/schema";
import type { BadgeWords } from "./standing";

/** What became of a test, in words. */
export interface TestResult {
  badge: BadgeWords;
  detail: string;
  /** ISO 8601. */
  at: string;
}

/** Webhooks on the page, as the page and its dialogs change them. */
export interface WebhookList {
  api: ReturnType<typeof webhooksApi>;
  webhooks: readonly Webhook[];
  /** Puts a webhook in the place of itself, or last if it is new. */
  put: (webhook: Webhook) => void;
  drop: (webhook: Webhook) => void;
  /** Asks for their current state. Never rejects. */
  reload: () => Promise<void>;
  /** Says why something did not work. What turned out to be deleted leaves the list. */
  explain: (error: unknown, webhook: Webhook) => void;
  /** Does something with a webhook, once at a time, and says why it did not work. */
  attempt: (action: string, webhook: Webhook, work: () => Promise<void>) => Promise<void>;
  test: (webhook: Webhook) => Promise<void>;
  /** Forgets what became of the test of a webhook, because something newer was sent to it. */
  forgetTest: (webhook: Webhook) => void;
  setPaused: (webhook: Webhook, paused: boolean) => Promise<void>;
  /** The actions that are under way, as words. */
  busyWith: (webhook: Webhook) => string;
  /** What became of the latest test of its present address on this page. */
  testOf: (webhook: Webhook) => TestResult | undefined;
}
