import "server-only";
import { randomUUID } from "node:crypto";
import type { PostgrestError } from "@supabase/supabase-js";
import { after } from "next/server";
import type { Json } from "@/types/database";
import { adminClient } from "../supabase/admin";
import { refusalOf } from "../supabase/refusal";
import type { Owner } from "../vault/types";
import { requireRightKey } from "./envelope";
import { webhookProblem } from "./errors";
import type { NewWebhook, Webhook } from "./schema";
import { webhook } from "./schema";
import { newSigningSecret, sealSigningSecret } from "./secret";
import type { WebhookEvent } from "./types";
import { openUrl, type StoredUrl, sealedUrl, sealRest } from "./url";

// The rows of webhooks. Whether the person may read is decided by whoever calls this. What changes them asks for the role
// in the same statement, and so throws the Problem team_not_found or team_role_required where it is lost meanwhile. All of
// it throws webhooks_unavailable where the database does not answer.

const COLUMNS =
  "id, address, description, events, failures, last_delivered_at, pause_reason, pause_is_unseen, created_at";
const STORED_URL = "id, url, encrypted_url";
// Raised by the migrations' functions.
const LIMIT_REACHED = "PT409";

/** What a person chooses. */
type Settings = Pick<Webhook, "description" | "events"> & { url: string };

const table = () => adminClient().from("webhooks");
const column = (owner: Owner) => (owner.type === "team" ? "team_id" : "user_id");

/** @throws Problem webhook_limit, team_not_found, team_role_required, webhooks_unavailable */
function succeeded<Result extends { error: PostgrestError | null }>(
  result: Result,
): asserts result is Result & { error: null } {
  const { error } = result;
  if (error?.code === LIMIT_REACHED) throw webhookProblem("webhook_limit");
  const refusal = refusalOf(error);
  if (refusal) throw refusal;
  if (error) throw webhookProblem("webhooks_unavailable", { cause: error });
}

/** An owner's webhooks, oldest first. */
export async function listWebhooks(owner: Owner): Promise<Webhook[]> {
  const result = await table()
    .select(`${COLUMNS}, url`)
    .eq(column(owner), owner.id)
    .order("created_at")
    .order("id");
  succeeded(result);
  sealLater(result.data ?? []);
  return (result.data ?? []).map((row) => webhook.parse(row));
}

/** Rows from before addresses were sealed, or of a version from before, are sealed once the request is answered. */
function sealLater(rows: readonly Pick<StoredUrl, "url">[]): void {
  if (rows.some(({ url }) => url !== null)) after(sealRest);
}

/**
 * One of an owner's webhooks.
 *
 * @throws Problem webhook_not_found, also for somebody else's
 */
export async function readWebhook(owner: Owner, id: string): Promise<Webhook> {
  const result = await table().select(COLUMNS).eq(column(owner), owner.id).eq("id", id).maybeSingle();
  succeeded(result);
  if (!result.data) throw webhookProblem("webhook_not_found");
  return webhook.parse(result.data);
}

/**
 * The whole address of a webhook, for a person who asks for it, and may. The same statement writes that down.
 *
 * @throws Problem webhook_not_found, also for somebody else's; webhook_address_unreadable, vault_unavailable
 */
export async function revealUrl(actorId: string, owner: Owner, id: string): Promise<string> {
  const result = await adminClient().rpc("show_webhook", { ...by(actorId, owner), for_webhook: id });
  succeeded(result);
  const [row] = result.data ?? [];
  if (!row) throw webhookProblem("webhook_not_found");
  const url = await openUrl({ ...row, id });
  if (url === null) throw webhookProblem("webhook_address_unreadable");
  return url;
}

async function readStoredUrl(owner: Owner, id: string): Promise<StoredUrl> {
  const result = await table().select(STORED_URL).eq(column(owner), owner.id).eq("id", id).maybeSingle();
  succeeded(result);
  if (!result.data) throw webhookProblem("webhook_not_found");
  return result.data;
}

/**
 * Sees to it that an owner has each address once. The database cannot compare sealed ones, and a fingerprint to compare
 * them by could be guessed; an owner has 20 at most, so they are opened. Of two requests at the same moment, neither sees
 * the other's: both webhooks are stored, and each event is sent there twice until somebody deletes one. One that cannot
 * be read is taken for another address.
 *
 * @throws Problem webhook_exists, vault_unavailable
 */
async function requireNewUrl(owner: Owner, url: string, exceptId?: string): Promise<void> {
  const result = await table().select(STORED_URL).eq(column(owner), owner.id);
  succeeded(result);
  const others = (result.data ?? []).filter(({ id }) => id !== exceptId);
  if ((await Promise.all(others.map(openUrl))).includes(url)) throw webhookProblem("webhook_exists");
}

/** Who changes what is whose, as the database's functions take it. */
const by = (actorId: string, owner: Owner) => ({
  actor: actorId,
  for_type: owner.type,
  for_owner: owner.id,
});

/**
 * Stores a webhook with a new signing secret.
 *
 * @param actorId from the session; answers for the webhook, so that it is paused once they are no admin any more
 * @returns it, and the secret, which is nowhere to be read afterwards
 * @param settings whose address has been tried out, by `requireUsableAddress`
 * @throws Problem webhook_exists, webhook_limit
 */
export async function addWebhook(
  actorId: string,
  owner: Owner,
  { url, description, events }: Settings,
): Promise<NewWebhook> {
  await requireRightKey();
  await requireNewUrl(owner, url);
  const id = randomUUID();
  const secret = newSigningSecret();
  const [encrypted_secret, { encrypted_url, address }] = await Promise.all([
    sealSigningSecret(id, secret),
    sealedUrl(id, url),
  ]);
  const row = { id, encrypted_url, address, description, events, encrypted_secret };
  succeeded(await adminClient().rpc("add_webhook", { ...by(actorId, owner), webhook: row }));
  return { ...(await readWebhook(owner, id)), secret };
}

/**
 * Changes what is given of a webhook. Resuming forgets its failures, and that it paused itself. Who resumes it, or gives it
 * another address, answers for it from then on.
 *
 * @param change with an address only after it has been tried out, by `requireUsableAddress`
 * @throws Problem webhook_not_found, webhook_exists, webhook_needs_secret
 */
export async function changeWebhook(
  actorId: string,
  owner: Owner,
  id: string,
  {
    url,
    description,
    events,
    paused,
    pause_seen,
  }: Partial<Settings> & { paused?: boolean; pause_seen?: true },
): Promise<Webhook> {
  const before = await readWebhook(owner, id);
  if (paused === false && before.pause_reason === "no_secret") throw webhookProblem("webhook_needs_secret");
  const change = {
    ...(url !== undefined && (await moved(owner, id, url))),
    ...(description !== undefined && { description }),
    ...(events !== undefined && { events }),
    ...(paused !== undefined && { is_paused: paused }),
    ...(pause_seen && { is_seen: true }),
  };
  return Object.keys(change).length === 0 ? before : update(actorId, owner, id, change);
}

/** What changes with a new address; nothing if it is the present one. */
async function moved(owner: Owner, id: string, url: string) {
  if ((await openUrl(await readStoredUrl(owner, id))) === url) return {};
  await requireRightKey();
  await requireNewUrl(owner, url, id);
  return sealedUrl(id, url);
}

/**
 * Gives a webhook a new signing secret; the one before is worth nothing from then on.
 *
 * @returns the secret, which is nowhere to be read afterwards
 * @throws Problem webhook_not_found
 */
export async function renewSigningSecret(actorId: string, owner: Owner, id: string): Promise<NewWebhook> {
  await requireRightKey();
  const secret = newSigningSecret();
  const encrypted_secret = await sealSigningSecret(id, secret);
  return { ...(await update(actorId, owner, id, { encrypted_secret })), secret };
}

async function update(
  actorId: string,
  owner: Owner,
  id: string,
  change: Record<string, Json>,
): Promise<Webhook> {
  const result = await adminClient().rpc("change_webhook", {
    ...by(actorId, owner),
    for_webhook: id,
    change,
  });
  succeeded(result);
  if (result.data?.length === 0) throw webhookProblem("webhook_not_found");
  return readWebhook(owner, id);
}

/**
 * Deletes a webhook with its deliveries.
 *
 * @throws Problem webhook_not_found, also for somebody else's
 */
export async function deleteWebhook(actorId: string, owner: Owner, id: string): Promise<void> {
  const result = await adminClient().rpc("remove_webhook", { ...by(actorId, owner), for_webhook: id });
  succeeded(result);
  if (result.data?.length === 0) throw webhookProblem("webhook_not_found");
}

/** Where a webhook leads, and what its messages are signed with. For the server alone. */
export interface Target extends StoredUrl {
  encrypted_secret: string | null;
  pause_reason: Webhook["pause_reason"];
}

const TARGET = `${STORED_URL}, encrypted_secret, pause_reason` as const;

/** Those of an owner's webhooks that are notified of an event. */
export async function listSubscribers(owner: Owner, event: WebhookEvent): Promise<Target[]> {
  const result = await table()
    .select(`${TARGET}, events`)
    .eq(column(owner), owner.id)
    .is("pause_reason", null);
  succeeded(result);
  sealLater(result.data ?? []);
  return (result.data ?? []).filter(({ events }) => events.includes(event));
}

/**
 * One of an owner's webhooks as it is at this moment.
 *
 * @throws Problem webhook_not_found, also for somebody else's
 */
export async function readTarget(owner: Owner, id: string): Promise<Target> {
  const result = await table().select(TARGET).eq(column(owner), owner.id).eq("id", id).maybeSingle();
  succeeded(result);
  if (!result.data) throw webhookProblem("webhook_not_found");
  return result.data;
}
