import { randomUUID } from "node:crypto";
import type { Database } from "../../types/database.ts";
import type { Person } from "./people.ts";
import { daysAgo, type Place } from "./place.ts";

type Delivery = Database["public"]["Tables"]["webhook_deliveries"]["Insert"];

const MINUTE = 1 / 1_440;
/** Of the database's: it pauses a webhook after so many failures in a row. */
const FAILURES = 20;

const ARRIVED = { status: "delivered", response_status: 204, response_excerpt: "", error: null } as const;
const FAILED = { status: "failed", response_status: 503, error: null } as const;

/**
 * Adds three webhooks to a team through the app: one that has just retried with success, one that works,
 * and one that paused itself.
 */
export async function addWebhooks(place: Place, person: Person, teamId: string): Promise<void> {
  const { database, hookUrl } = place;
  const owner = { owner_type: "team", owner_id: teamId };
  const add = async (receiver: string, settings: object) => {
    const body = { url: hookUrl(receiver), team_id: teamId, ...settings };
    return (await person.post<{ id: string }>("/api/webhooks", body)).id;
  };
  const change = (id: string, values: Database["public"]["Tables"]["webhooks"]["Update"]) =>
    database.from("webhooks").update(values).eq("id", id).throwOnError();
  const message = (webhook_id: string, event: string, days: number, data: object) => ({
    webhook_id,
    event,
    message_id: `msg_${randomUUID()}`,
    payload: JSON.stringify({
      type: event,
      timestamp: daysAgo(days),
      data: { ...data, ...owner, actor_id: person.id },
    }),
  });
  const deliver = (deliveries: Delivery[]) =>
    database.from("webhook_deliveries").insert(deliveries).throwOnError();

  const deploy = await add("deploy", {
    description: "Restarts the workers with the new key",
    events: ["vault.secret.created", "vault.secret.rotated", "vault.secret.deleted"],
  });
  const chat = await add("chat", { description: "Posts to the channel", events: ["reveal.failed"] });
  const audit = await add("audit", { description: "The old audit log" });

  const rotated = message(deploy, "vault.secret.rotated", 4 * MINUTE, { keys: ["OPENAI_API_KEY"] });
  const created = message(deploy, "vault.secret.created", 0.2, { keys: ["GROQ_API_KEY", "RESEND_API_KEY"] });
  const starting = { ...FAILED, response_excerpt: "The workers are starting, try again." };
  await deliver([
    { ...created, ...ARRIVED, attempt: 1, duration_ms: 74, created_at: daysAgo(0.2) },
    { ...rotated, ...starting, attempt: 1, duration_ms: 790, created_at: daysAgo(4.2 * MINUTE) },
    { ...rotated, ...starting, attempt: 2, duration_ms: 812, created_at: daysAgo(4.1 * MINUTE) },
    { ...rotated, ...ARRIVED, attempt: 3, duration_ms: 61, created_at: daysAgo(4 * MINUTE) },
  ]);
  const failed = message(chat, "reveal.failed", 50 * MINUTE, {
    source: "team",
    status: "provider_no_credit",
  });
  await deliver([{ ...failed, ...ARRIVED, attempt: 1, duration_ms: 128, created_at: daysAgo(50 * MINUTE) }]);
  await deliver(
    Array.from({ length: FAILURES }, (_, index) => ({
      ...message(audit, "reveal.completed", 9 - index / 3, { source: "team", status: "completed" }),
      ...FAILED,
      response_excerpt: "This server was shut down.",
      attempt: 3,
      duration_ms: 45 + index,
      created_at: daysAgo(9 - index / 3),
    })),
  );

  await change(deploy, { last_delivered_at: daysAgo(4 * MINUTE), created_at: daysAgo(30) });
  await change(chat, { last_delivered_at: daysAgo(50 * MINUTE), created_at: daysAgo(25) });
  await change(audit, { created_at: daysAgo(20), failures: FAILURES, pause_reason: "failures" });
  // Somebody has seen it, and nobody gets a mail about it.
  await change(audit, { pause_is_unseen: false, pause_is_untold: false });
}
