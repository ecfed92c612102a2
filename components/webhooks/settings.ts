import { ApiError, invalid } from "@/lib/vault/http/client";
import { MAX_DESCRIPTION_LENGTH } from "@/lib/vault/rules";
import type { WebhookSettings } from "@/lib/webhooks/requests";
import type { Webhook } from "@/lib/webhooks/schema";
import { MAX_URL_LENGTH, URL_LENGTH_RULE } from "@/lib/webhooks/types";

const NO_ADDRESS = new ApiError(0, "no_address", "Enter an address.");
const HAS_CREDENTIALS = new ApiError(0, "credentials", "Leave out the username and password.");
const URL_TOO_LONG = invalid(URL_LENGTH_RULE);
const DESCRIPTION_TOO_LONG = new ApiError(
  0,
  "description_too_long",
  `A description can have at most ${MAX_DESCRIPTION_LENGTH} characters.`,
);
const NO_EVENT = new ApiError(0, "no_event", "Choose at least one event.");

/** A field of the form that an error is about; null for the form as a whole. */
export type WebhookField = "address" | "description" | "events" | null;

/** Which field an error is about, whether it was found here or by the server. */
export function fieldOf(failure: ApiError): WebhookField {
  if (failure === NO_EVENT) return "events";
  if (failure === DESCRIPTION_TOO_LONG) return "description";
  const isAboutUrl = /^(no_address|credentials|webhook_exists|webhook_address_.*|invalid_request)$/.test(
    failure.code,
  );
  return isAboutUrl ? "address" : null;
}

/** What is sent of what was entered: one line of plain text, whatever was pasted. */
export const tidied = ({ url, description, events }: WebhookSettings): WebhookSettings => ({
  url: url.trim(),
  description: description.replace(/\p{Cc}+/gu, " ").trim(),
  events: [...events],
});

/**
 * What is wrong with settings before the server is asked.
 *
 * @param isNew without an address, a webhook that there is already keeps its own
 */
export function mistakeIn({ url, description, events }: WebhookSettings, isNew: boolean): ApiError | null {
  if (isNew && url === "") return NO_ADDRESS;
  if (/^https?:\/\/[^/?#]*@/i.test(url)) return HAS_CREDENTIALS;
  if (url.length > MAX_URL_LENGTH) return URL_TOO_LONG;
  if (description.length > MAX_DESCRIPTION_LENGTH) return DESCRIPTION_TOO_LONG;
  return events.length === 0 ? NO_EVENT : null;
}

/** Only what differs, so that somebody else's change of the rest stays. Without an address, the present one stays. */
export function changesOf(
  webhook: Webhook,
  shownUrl: string | null,
  settings: WebhookSettings,
): Partial<WebhookSettings> {
  const { url, description, events } = settings;
  return {
    ...(url !== "" && url !== shownUrl && { url }),
    ...(description !== webhook.description && { description }),
    ...(events.join() !== webhook.events.join() && { events }),
  };
}
