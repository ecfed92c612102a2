import "server-only";
import type { PostgrestError } from "@supabase/supabase-js";
import { adminClient } from "../supabase/admin";
import { webhookProblem } from "./errors";
import type { Delivery } from "./schema";
import { delivery } from "./schema";
import type { Message, Outcome } from "./send";

// The rows of webhook_deliveries, one for each attempt. All of it throws the Problem webhooks_unavailable where the
// database does not answer.

const COLUMNS =
  "id, message_id, event, payload, attempt, status, response_status, response_excerpt, error, duration_ms, retry_at, created_at";
// https://www.postgresql.org/docs/17/errcodes-appendix.html
const FOREIGN_KEY_VIOLATION = "23503";
const SHOWN = 20;
/** Longer than an attempt takes, and than two clocks differ. */
const UNFINISHED_AFTER_MS = 30_000;

/** What became of an attempt, as its row has it. */
type Ending = Outcome & Pick<Delivery, "retry_at">;

/** A message with the event that it tells of. */
export type EventMessage = Message & { event: string };

const table = () => adminClient().from("webhook_deliveries");

function succeeded<Result extends { error: PostgrestError | null }>(
  result: Result,
): asserts result is Result & { error: null } {
  if (result.error) throw webhookProblem("webhooks_unavailable", { cause: result.error });
}

/** An attempt that is still "started" after longer than one takes was interrupted. */
function shown(row: unknown): Delivery {
  const attempt = delivery.parse(row);
  const isOver = Date.now() - Date.parse(attempt.created_at) > UNFINISHED_AFTER_MS;
  return attempt.status === "started" && isOver ? { ...attempt, status: "unfinished" } : attempt;
}

/** The newest 20 attempts at a webhook, newest first. */
export async function listDeliveries(webhookId: string): Promise<Delivery[]> {
  const result = await table()
    .select(COLUMNS)
    .eq("webhook_id", webhookId)
    .order("created_at", { ascending: false })
    .order("id", { ascending: false })
    .limit(SHOWN);
  succeeded(result);
  return (result.data ?? []).map(shown);
}

/**
 * Enters an attempt that is about to be made.
 *
 * @param outcome for one that cannot be made, and is no failure of the webhook's: the database counts those that were
 * under way
 * @throws Problem webhook_not_found if the webhook has just been deleted
 */
export async function enterAttempt(
  webhookId: string,
  { id, event, payload }: EventMessage,
  attempt: number,
  outcome: Partial<Outcome> = {},
): Promise<Delivery> {
  const row = { webhook_id: webhookId, message_id: id, event, payload, attempt, ...outcome };
  const result = await table().insert(row).select(COLUMNS).single();
  if (result.error?.code === FOREIGN_KEY_VIOLATION) throw webhookProblem("webhook_not_found");
  succeeded(result);
  return shown(result.data);
}

/**
 * Enters what became of an attempt.
 *
 * @returns the whole of it, as it is now
 * @throws Problem webhook_not_found if the webhook was deleted in the meantime
 */
export async function finishAttempt(id: string, outcome: Ending): Promise<Delivery> {
  const result = await table().update(outcome).eq("id", id).select(COLUMNS).maybeSingle();
  succeeded(result);
  if (!result.data) throw webhookProblem("webhook_not_found");
  return shown(result.data);
}

/**
 * The message of a kept attempt, and how many attempts have been made at it.
 *
 * @throws Problem delivery_not_found, also for one of another webhook
 */
export async function readMessage(
  webhookId: string,
  deliveryId: string,
): Promise<{ message: EventMessage; attempts: number }> {
  const kept = await table()
    .select("message_id, event, payload")
    .eq("webhook_id", webhookId)
    .eq("id", deliveryId)
    .maybeSingle();
  succeeded(kept);
  if (!kept.data) throw webhookProblem("delivery_not_found");
  const { message_id, event, payload } = kept.data;
  const latest = await table()
    .select("attempt")
    .eq("webhook_id", webhookId)
    .eq("message_id", message_id)
    .order("attempt", { ascending: false })
    .limit(1);
  succeeded(latest);
  return { message: { id: message_id, event, payload }, attempts: latest.data?.[0]?.attempt ?? 1 };
}
