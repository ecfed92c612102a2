import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import type { Owner } from "../../lib/vault/types.ts";
import { WEBHOOK_EVENTS, type WebhookEvent } from "../../lib/webhooks/types.ts";
import { type Received, startWebhookReceiver, type WebhookReceiver } from "../support/webhook-receiver.ts";
import { startDatabase } from "./harness.ts";

// For each file of the webhooks' tests: a person, a team of theirs, and a receiver of each test's own.

export const EVENT = "vault.secret.created";
export const DATA = { keys: ["OPENAI_API_KEY"] };
/** Three attempts, as ever, without the waiting. */
export const QUICK = [0, 0, 0];

export let db: Awaited<ReturnType<typeof startDatabase>>;
export let receiver: WebhookReceiver;
export let webhooks: Awaited<ReturnType<typeof start>>;
export let user: Owner;
export let team: Owner;

/** The sender as a fresh server process has it. */
export async function start(changes: Parameters<typeof db.service>[0] = {}) {
  await db.service({ allowPrivate: true, ...changes });
  // Read at the first use, which may come after the next process is started.
  (await import("../../lib/env.ts")).env();
  const store = await import("../../lib/webhooks/store.ts");
  const deliver = await import("../../lib/webhooks/deliver.ts");
  const { listDeliveries } = await import("../../lib/webhooks/deliveries.ts");
  const { hasUnseenPause } = await import("../../lib/webhooks/pauses.ts");
  return {
    ...store,
    ...deliver,
    listDeliveries,
    hasUnseenPause,
    /** Adds a webhook to this test's receiver. */
    add: (owner: Owner, path = "", events: WebhookEvent[] = [...WEBHOOK_EVENTS]) =>
      store.addWebhook(actorOf(owner), owner, { url: receiver.url + path, description: "", events }),
    tell: (owner: Owner, event: WebhookEvent = EVENT, waits = QUICK, left?: number) =>
      deliver.tellWebhooks({ owner, personId: owner.id, event, data: DATA, waits, left }),
  };
}

beforeAll(async () => {
  db = await startDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  receiver = await startWebhookReceiver();
  webhooks = await start();
  user = { type: "user", id: await db.person() };
  team = { type: "team", id: await db.team({ [user.id]: "admin" }) };
});
afterEach(() => receiver.close());

/** Somebody who may change the owner's webhooks. */
export const actorOf = ({ type, id }: Owner) => (type === "user" ? id : user.id);

export const rowsOf = async ({ id }: { id: string }) =>
  (
    await db.admin
      .from("webhook_deliveries")
      .select("*")
      .eq("webhook_id", id)
      .order("created_at")
      .order("id")
      .throwOnError()
  ).data;

/** What a request of the sender says that it is. */
export const signed = ({ headers, body }: Received) => ({ id: headers["webhook-id"], body });

export const codeOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => null,
    ({ code }) => code,
  );
