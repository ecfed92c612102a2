import { callApi } from "../vault/http/client";
import type { Delivery, NewWebhook, Webhook } from "./schema";

/** What a person chooses about a webhook. */
export type WebhookSettings = Pick<Webhook, "description" | "events"> & { url: string };

export type WebhooksApi = ReturnType<typeof webhooksApi>;

/**
 * The webhooks' routes for one owner, as pages call them. All throw ApiError.
 *
 * @param teamId null for the person's own
 */
export function webhooksApi(teamId: string | null) {
  const owner: Record<string, string> = teamId === null ? {} : { team_id: teamId };
  const query = (parameters: Record<string, string>) => new URLSearchParams({ ...parameters, ...owner });
  return {
    /** The whole address of one, for a person who has just confirmed who they are. */
    reveal: async (id: string) =>
      (await callApi<{ url: string }>("GET", `/api/webhooks?${query({ id, reveal: "true" })}`)).url,
    list: async () => (await callApi<{ webhooks: Webhook[] }>("GET", `/api/webhooks?${query({})}`)).webhooks,
    add: (settings: WebhookSettings) =>
      callApi<NewWebhook>("POST", "/api/webhooks", { ...settings, ...owner }),
    change: (id: string, change: Partial<WebhookSettings> & { paused?: boolean; pause_seen?: true }) =>
      callApi<Webhook>("PATCH", "/api/webhooks", { id, ...change, ...owner }),
    remove: (id: string) => callApi<void>("DELETE", `/api/webhooks?${query({ id })}`),
    test: (id: string) => callApi<Delivery>("POST", "/api/webhooks/test", { id, ...owner }),
    resend: (id: string, delivery_id: string) =>
      callApi<Delivery>("POST", "/api/webhooks/resend", { id, delivery_id, ...owner }),
    renewSecret: (id: string) => callApi<NewWebhook>("POST", "/api/webhooks/secret", { id, ...owner }),
    deliveries: (id: string) =>
      callApi<{ webhook: Webhook; deliveries: Delivery[] }>(
        "GET",
        `/api/webhooks/deliveries?${query({ id })}`,
      ),
  };
}
