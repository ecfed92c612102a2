import "server-only";
import { adminClient } from "../supabase/admin";
import { webhookProblem } from "./errors";
import { type Webhook, webhook } from "./schema";

const COLUMNS = "id, url, description, created_at";
const MAX_WEBHOOKS = 20;
const UNIQUE_VIOLATION = "23505";

const table = () => adminClient().from("webhooks");

/** A person's webhooks, oldest first. Throws the Problem webhooks_unavailable. */
export async function listWebhooks(userId: string): Promise<Webhook[]> {
  const { data, error } = await table().select(COLUMNS).eq("user_id", userId).order("created_at");
  if (error) throw webhookProblem("webhooks_unavailable", { cause: error });
  return data.map((row) => webhook.parse(row));
}

/**
 * Stores a webhook.
 *
 * @throws Problem webhook_exists, webhook_limit, webhooks_unavailable
 */
export async function addWebhook(
  userId: string,
  input: Pick<Webhook, "url" | "description">,
): Promise<Webhook> {
  if ((await listWebhooks(userId)).length >= MAX_WEBHOOKS) throw webhookProblem("webhook_limit");
  const { data, error } = await table()
    .insert({ user_id: userId, url: input.url, description: input.description })
    .select(COLUMNS)
    .single();
  if (error?.code === UNIQUE_VIOLATION) throw webhookProblem("webhook_exists");
  if (error) throw webhookProblem("webhooks_unavailable", { cause: error });
  return webhook.parse(data);
}

/**
 * Deletes one of a person's webhooks.
 *
 * @throws Problem webhook_not_found, also for somebody else's; webhooks_unavailable
 */
export async function deleteWebhook(userId: string, id: string): Promise<void> {
  const { data, error } = await table().delete().eq("user_id", userId).eq("id", id).select("id");
  if (error) throw webhookProblem("webhooks_unavailable", { cause: error });
  if (data.length === 0) throw webhookProblem("webhook_not_found");
}
