import type { LeftWebhook } from "@/lib/webhooks/left";
import type { Webhook } from "@/lib/webhooks/schema";
import { MAX_FAILURES, WEBHOOK_EVENTS, type WebhookEvent } from "@/lib/webhooks/types";

// What the list says of a webhook. What its dialogs say is in words.ts, which is loaded with them.

/** What the events are called. */
export const EVENT_WORDS: Record<WebhookEvent, string> = {
  "reveal.completed": "Run completed",
  "reveal.failed": "Run failed or stopped",
  "vault.secret.created": "Secret created",
  "vault.secret.rotated": "Secret rotated",
  "vault.secret.deleted": "Secret deleted",
  "vault.secret.revealed": "Secret revealed or copied",
  "vault.secret.refused": "Key refused by its provider",
  "vault.secret.expiring": "Key expires soon",
  "spending.threshold": "Spending near or at a limit",
  "webhook.paused": "Another webhook paused",
  "team.deleted": "Team deleted",
};

/** Which events a webhook is notified of. */
export function describeEvents(events: readonly WebhookEvent[]): string {
  if (events.length === WEBHOOK_EVENTS.length) return "All events";
  const missing = WEBHOOK_EVENTS.filter((event) => !events.includes(event));
  if (missing.length === 1)
    return `All events but ${missing.map((event) => EVENT_WORDS[event].toLowerCase())}`;
  const [first, ...others] = events.map((event) => EVENT_WORDS[event]);
  return [first, ...others.map((words) => words.toLowerCase())].join(", ");
}

/** A word in a color. */
export type BadgeWords = { label: string; variant: "success" | "warning" | "secondary" };
type PauseReason = NonNullable<Webhook["pause_reason"]>;

/** Fewer failures in a row happen with every deployment of a receiver. */
const FAILING_FROM = 3;

/** Whether it is sent to, and, where something is wrong, what that is and what to do about it. */
export function describeState(
  { pause_reason, failures }: Webhook,
  left?: LeftWebhook,
): BadgeWords & { next?: string } {
  if (pause_reason === "creator_left") {
    const who = left?.email ?? "The admin responsible for it";
    return {
      ...PAUSES[pause_reason],
      next: `${who} is no longer an admin of this team. ${PAUSES.creator_left.next}`,
    };
  }
  if (pause_reason !== null) return PAUSES[pause_reason];
  if (failures < FAILING_FROM) return { label: "Active", variant: "success" };
  // The number stays with its word.
  const next = `${failures}\u00a0failures in a row. It's paused after ${MAX_FAILURES}.`;
  return { label: "Failing", variant: "warning", next };
}

const PAUSES: Record<PauseReason, BadgeWords & { next?: string }> = {
  person: { label: "Paused", variant: "secondary" },
  failures: {
    label: `Paused after ${MAX_FAILURES} failures`,
    variant: "warning",
    next: "Nothing is sent anymore. Once the receiver works and a test arrives, resume it.",
  },
  gone: {
    label: "Receiver gone (410)",
    variant: "warning",
    next: "The receiver doesn't want more messages. Change the address and resume, or delete the webhook.",
  },
  creator_left: {
    label: "Waiting for an admin",
    variant: "warning",
    next: "Nothing is sent until another admin resumes it.",
  },
  no_secret: {
    label: "Needs a signing secret",
    variant: "warning",
    next: "It was added before messages were signed. Nothing is sent until it has a signing secret.",
  },
};

const MAX_NAME_LENGTH = 60;

/** What a webhook is called: two of one service differ in their descriptions alone. */
export function nameOf({ address, description }: Webhook): string {
  const host = address.replace(/^https?:\/\//, "");
  const name = description ? `${host} (${description})` : host;
  return name.length > MAX_NAME_LENGTH ? `${name.slice(0, MAX_NAME_LENGTH)}…` : name;
}
