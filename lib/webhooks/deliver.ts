import "server-only";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { after } from "next/server";
import { logProblem } from "../vault/http/log";
import { Problem } from "../vault/http/problem";
import type { Owner } from "../vault/types";
import { type EventMessage, enterAttempt, finishAttempt, readMessage } from "./deliveries";
import { webhookProblem } from "./errors";
import { claimPause, mailPause } from "./pauses";
import type { Delivery } from "./schema";
import { openSigningSecret } from "./secret";
import { type Sent, send, TIMEOUT_MS } from "./send";
import { inSlot } from "./slots";
import { listSubscribers, readTarget, type Target } from "./store";
import { TEST_EVENT, type WebhookEvent } from "./types";
import { openUrl } from "./url";

// No queue and no worker, because there is none where this has to run. A message is tried three times within a
// minute, by the request that it tells of, after that has been answered. What is given up or interrupted stays in
// the list of deliveries with a button to send it again.

/** Milliseconds before each attempt, unless the receiver asks for more. */
export const WAITS = [0, 1_000, 5_000];
/**
 * Milliseconds for all attempts at a message, sending included: of the 60 s that a host gives a request and what comes
 * after its reply (`maxDuration` of the routes), 10 s are the reply's and the database's.
 */
export const TELLING_MS = 50_000;

/** What a message says of its event: ids, key names, sources and counts. */
export type EventData = Record<string, string | number | boolean | null | readonly string[]>;

/** A message in the form that Standard Webhooks recommends. */
function messageOf(event: string, data: EventData): EventMessage {
  const payload = JSON.stringify({ type: event, timestamp: new Date().toISOString(), data });
  return { id: `msg_${randomUUID()}`, event, payload };
}

/** What is sent to whom. */
export interface Telling {
  /** Whose webhooks. */
  owner: Owner;
  event: WebhookEvent;
  data: EventData;
  /** Who caused it, by id: attempts of one person share slots. */
  personId: string;
  /** Milliseconds before each attempt; tests are in a hurry. */
  waits?: readonly number[] | undefined;
  /** Milliseconds for all attempts: none is made after the first that could end later. */
  left?: number | undefined;
}

/**
 * Tells those of an owner's webhooks that want to hear of it. Never rejects: nobody waits for this, so that what
 * goes wrong with a webhook is in its list of deliveries, and what goes wrong here in the operator's log.
 */
export async function tellWebhooks(telling: Telling): Promise<void> {
  const { owner, personId, event, data, waits = WAITS, left = TELLING_MS } = telling;
  try {
    const message = messageOf(event, data);
    const round: Round = { owner, personId, message, waits, ends: performance.now() + left };
    const targets = await listSubscribers(owner, event);
    await Promise.all(targets.map((target) => deliver(round, target).catch(logFailure)));
  } catch (error) {
    logFailure(error);
  }
}

/** One message on its way to all of an owner's webhooks. */
interface Round {
  owner: Owner;
  personId: string;
  message: EventMessage;
  waits: readonly number[];
  /** When it has to be over, by `performance.now()`. */
  ends: number;
}

async function deliver({ owner, personId, message, waits, ends }: Round, { id }: Target): Promise<void> {
  let [wait] = waits;
  for (let index = 0; wait !== undefined; index += 1) {
    await sleep(wait);
    const plan = { wait: waits[index + 1], ends };
    // It may have waited for its slot until there is no time left.
    const isLate = () => index > 0 && performance.now() + TIMEOUT_MS > ends;
    const made = await inSlot({ ownerId: owner.id, personId }, async () => {
      if (isLate()) return undefined;
      // What has been paused, also by a status of 410, changed or deleted meanwhile is obeyed.
      const target = await readTarget(owner, id);
      return target.pause_reason === null ? attempt(target, message, index + 1, plan) : undefined;
    });
    if (made?.delivery.status === "failed") {
      await tellOfPause(id, { owner, personId, left: ends - performance.now() });
    }
    wait = made?.wait;
  }
}

/**
 * After an attempt that failed: where the webhook paused itself with it, tells the owner's other webhooks, and by mail the
 * person or the team's admins. Never rejects.
 */
async function tellOfPause(id: string, telling: Pick<Telling, "owner" | "personId" | "left">): Promise<void> {
  const { owner } = telling;
  try {
    const reason = await claimPause(id);
    if (reason === null) return;
    const data = { webhook_id: id, pause_reason: reason, owner_type: owner.type, owner_id: owner.id };
    await Promise.all([
      tellWebhooks({ ...telling, event: "webhook.paused", data }),
      mailPause(owner, reason),
    ]);
  } catch (error) {
    logFailure(error);
  }
}

/** {@link tellOfPause} once the request that made the attempt is answered. These are limited for each person. */
function tellOfPauseLater(owner: Owner, target: Target, { status }: Delivery): void {
  if (status === "failed") after(() => tellOfPause(target.id, { owner, personId: owner.id }));
}

/** When the next attempt is due, if any. */
interface Plan {
  /** Milliseconds to wait at least. Undefined: there is no other attempt. */
  wait: number | undefined;
  /** When that has to be over, by `performance.now()`. */
  ends: number;
}

const NO_OTHER: Plan = { wait: undefined, ends: 0 };

/**
 * Enters an attempt, makes it, and enters what became of it.
 *
 * @returns also the milliseconds until the next attempt, undefined where none follows by itself
 */
async function attempt(
  target: Target,
  message: EventMessage,
  number: number,
  plan: Plan = NO_OTHER,
): Promise<{ delivery: Delivery; wait: number | undefined }> {
  const { id, encrypted_secret } = target;
  let secret: string | null;
  let url: string | null;
  try {
    [secret, url] = await Promise.all([
      encrypted_secret === null ? null : openSigningSecret(id, encrypted_secret),
      openUrl(target),
    ]);
  } catch (error) {
    logFailure(error);
    const failure = { status: "failed", error: "vault_unavailable" } as const;
    return { delivery: await enterAttempt(id, message, number, failure), wait: waitAfter(failure, plan) };
  }
  const entered = await enterAttempt(id, message, number);
  const sent = await send(url, secret, message);
  const wait = waitAfter(sent, plan);
  const { retryAfter = 0, ...outcome } = sent;
  const retry_at = wait === undefined && retryAfter > 0 ? inSeconds(retryAfter) : null;
  return { delivery: await finishAttempt(entered.id, { ...outcome, retry_at }), wait };
}

/** Milliseconds until the next attempt: never fewer than the receiver asked for, and none that could end too late. */
function waitAfter(
  { status, error, retryAfter = 0 }: Pick<Sent, "status" | "error" | "retryAfter">,
  { wait, ends }: Plan,
): number | undefined {
  if (wait === undefined || status !== "failed" || error === "address_not_allowed") return undefined;
  const longest = Math.max(wait, retryAfter * 1000);
  return performance.now() + longest + TIMEOUT_MS <= ends ? longest : undefined;
}

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();

/** A webhook that was deleted in the meantime is no failure. */
function logFailure(error: unknown): void {
  const problem = error instanceof Problem ? error : webhookProblem("webhooks_unavailable", { cause: error });
  if (problem.status >= 500) logProblem(problem);
}

/**
 * Sends one test message, also to a webhook that is paused, once.
 *
 * @returns what became of it, after at most 5 seconds
 * @throws Problem webhook_not_found, webhook_needs_secret, webhooks_unavailable
 */
export async function sendTest(owner: Owner, webhookId: string): Promise<Delivery> {
  const target = await requireTarget(owner, webhookId);
  const { delivery } = await attempt(target, messageOf(TEST_EVENT, { webhook_id: webhookId }), 1);
  tellOfPauseLater(owner, target, delivery);
  return delivery;
}

/**
 * Sends the message of a kept delivery once more, once. It has the same id, by which a receiver knows what it has
 * had already, and a new signature.
 *
 * @returns what became of it, after at most 5 seconds
 * @throws Problem webhook_not_found, delivery_not_found, webhook_needs_secret, webhook_admin_left, webhooks_unavailable
 */
export async function resend(owner: Owner, webhookId: string, deliveryId: string): Promise<Delivery> {
  const target = await requireTarget(owner, webhookId);
  // Unlike a test, the message is about the team.
  if (target.pause_reason === "creator_left") throw webhookProblem("webhook_admin_left");
  const { message, attempts } = await readMessage(webhookId, deliveryId);
  const { delivery } = await attempt(target, message, attempts + 1);
  tellOfPauseLater(owner, target, delivery);
  return delivery;
}

async function requireTarget(owner: Owner, webhookId: string): Promise<Target> {
  const target = await readTarget(owner, webhookId);
  if (target.encrypted_secret === null) throw webhookProblem("webhook_needs_secret");
  return target;
}
