import type { Delivery } from "@/lib/webhooks/schema";
import { type DeliveryError, TEST_EVENT, type WebhookEvent } from "@/lib/webhooks/types";
import { type BadgeWords, EVENT_WORDS } from "./standing";

const isListed = (event: string): event is WebhookEvent => Object.hasOwn(EVENT_WORDS, event);

/** What a delivery is about; the event's own name where there is none for people. */
export function describeEvent(event: string): string {
  if (event === TEST_EVENT) return "Test";
  return isListed(event) ? EVENT_WORDS[event] : event;
}

/** How far an attempt has come. */
export const STATUS_BADGES: Record<Delivery["status"], BadgeWords> = {
  started: { label: "In progress", variant: "secondary" },
  delivered: { label: "Delivered", variant: "success" },
  failed: { label: "Failed", variant: "warning" },
  unfinished: { label: "Interrupted", variant: "warning" },
};

const ERROR_WORDS: Record<DeliveryError, string> = {
  address_not_allowed:
    "Not sent: no server on the internet was found at this address, or it doesn't use HTTPS.",
  name_not_found: "The server's name couldn't be resolved.",
  connection_refused: "The server refused the connection.",
  connection_failed: "Couldn't connect, or the connection was lost.",
  certificate_invalid: "The server's certificate isn't valid.",
  client_certificate_required: "The receiver requires a client certificate, which this app doesn't send.",
  tls_refused: "The receiver refused the encrypted connection with a TLS alert.",
  timeout: "No response within 5 seconds.",
  secret_unreadable:
    "Not sent: the address or the signing secret couldn't be read. If this keeps happening, enter the address again and create a new secret under Edit.",
  vault_unavailable: "Not sent: the vault, which stores the address and signing secret, couldn't be reached.",
};

/** How an attempt ended, in one or two sentences. */
export function describeResult(delivery: Delivery): string {
  const { status, response_status, error, duration_ms, retry_at } = delivery;
  if (status === "started") return "Waiting for the response.";
  if (status === "unfinished") return "It may or may not have arrived.";
  if (error !== null) return ERROR_WORDS[error];
  const answer = `Responded with ${response_status} after ${describeDuration(duration_ms ?? 0)}.`;
  if (retry_at !== null) {
    return `${answer} The receiver asked for no retry before ${describeTime(retry_at)}. It isn't retried automatically; use Send again.`;
  }
  if (response_status === 410) return `${answer} The receiver doesn't want more messages.`;
  const isRedirect = response_status !== null && response_status >= 300 && response_status < 400;
  return isRedirect ? `${answer} Redirects aren't followed.` : answer;
}

const inZone = new Intl.DateTimeFormat("en", {
  month: "short",
  day: "numeric",
  hour: "numeric",
  minute: "2-digit",
});
const MINUTE_MS = 60_000;

/** The next full minute in the browser's zone, so that nobody comes early. */
const describeTime = (iso: string) => inZone.format(Math.ceil(Date.parse(iso) / MINUTE_MS) * MINUTE_MS);

const describeDuration = (ms: number) => (ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`);
