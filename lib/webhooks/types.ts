/** What a webhook can tell of. */
export const WEBHOOK_EVENTS = [
  "reveal.completed",
  "reveal.failed",
  "vault.secret.created",
  "vault.secret.rotated",
  "vault.secret.deleted",
  "vault.secret.revealed",
  "vault.secret.refused",
  "vault.secret.expiring",
  "spending.threshold",
  "webhook.paused",
  "team.deleted",
] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

/** The most characters that an address has. */
export const MAX_URL_LENGTH = 2048;
export const URL_LENGTH_RULE = "The address is longer than 2,048 characters.";

/** What the test button sends, to any webhook. */
export const TEST_EVENT = "webhook.test";

/**
 * Why nothing is sent to a webhook: a person paused it, it failed too often, its receiver wants no more (status
 * 410), it was made before there were signing secrets, or the admin who answers for it is no admin any more.
 */
export const PAUSE_REASONS = ["person", "failures", "gone", "no_secret", "creator_left"] as const;

/** Failed attempts in a row after which the database pauses a webhook. */
export const MAX_FAILURES = 20;

/** Why an attempt got no answer. */
export const DELIVERY_ERRORS = [
  "address_not_allowed",
  "name_not_found",
  "connection_refused",
  "connection_failed",
  "certificate_invalid",
  "client_certificate_required",
  "tls_refused",
  "timeout",
  "secret_unreadable",
  "vault_unavailable",
] as const;
export type DeliveryError = (typeof DELIVERY_ERRORS)[number];
