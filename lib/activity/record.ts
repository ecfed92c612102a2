import "server-only";
import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Database, Json } from "@/types/database";
import { adminClient } from "../supabase/admin";
import { refusalOf } from "../supabase/refusal";
import { vaultProblem } from "../vault/errors";
import { logProblem } from "../vault/http/log";
import type { Owner, SecretUse } from "../vault/types";
import type { AccountAction, KeyAction } from "./actions";

// Writes who did what; never a value. Nobody can change or delete what is written. Administration (teams, members,
// invitations, webhooks) is not here: the database writes it down in the statement that does it.

/** What asking for a value comes back with, or nothing where there is no such secret. */
const usedRow = z.object({ encrypted_value: z.string(), has_webhooks: z.boolean() }).nullable();

// In the operator's log, the names tell a lost event from a value that was refused.
const unavailable = (name: "EventNotRecorded" | "ValueNotGiven", code?: string) =>
  vaultProblem("vault_unavailable", { cause: { name, code } });

type Row = Database["public"]["Tables"]["vault_events"]["Insert"];

/**
 * Reads the ciphertext of a value that is to leave the server. The same statement asks for the person's role, where it
 * is a team's, and writes the event: without the event, nobody gets the value. So a "revealed" or a "checked" says that
 * somebody who was allowed to asked for the value, and may stand for a reply that did not arrive, or for a value that
 * could not be read.
 *
 * @param use of the person's own secret, or of any team's
 * @returns the ciphertext, and whether the owner has webhooks that are not paused; null if there is no such secret, and
 * then there is no event
 * @throws Problem team_not_found, the same for a foreign team and for none; team_role_required; there is no event then.
 * vault_unavailable; then nobody gets the value, and at most the event is there
 */
export async function readRecorded({
  userId,
  owner,
  key,
  action,
  isCopy = false,
}: SecretUse): Promise<{ ciphertext: string; hasWebhooks: boolean } | null> {
  const { data, error } = await adminClient()
    .from("vault_uses")
    .insert({
      actor_id: userId,
      owner_type: owner.type,
      owner_id: owner.id,
      key,
      action: isCopy ? "copied" : action,
    })
    .select("encrypted_value, has_webhooks")
    .maybeSingle();
  const refusal = refusalOf(error);
  if (refusal) throw refusal;
  const row = usedRow.safeParse(data);
  if (error || !row.success) throw unavailable("ValueNotGiven", error?.code);
  return row.data && { ciphertext: row.data.encrypted_value, hasWebhooks: row.data.has_webhooks };
}

/** What was done to one key. */
export interface KeyDeed {
  key: string;
  action: KeyAction;
}

async function insert(rows: Row[]): Promise<void> {
  const { error } = await adminClient().from("vault_events").insert(rows);
  if (error) throw unavailable("EventNotRecorded", error.code);
}

/**
 * Writes one event for each key, all of them or none; with `isImport`, also the one that they are parts of. Events of
 * changes are written once these are made, by {@link recordDone}, and so never claim one that was not.
 *
 * @param actorId from the session
 * @throws Problem vault_unavailable; then there is no event
 */
export async function recordDeeds(
  actorId: string,
  owner: Owner,
  deeds: readonly KeyDeed[],
  isImport = false,
): Promise<void> {
  const common = { actor_id: actorId, owner_type: owner.type, owner_id: owner.id };
  const import_id = isImport ? randomUUID() : null;
  const whole = import_id && {
    id: import_id,
    ...common,
    key: null,
    action: "imported",
    import_id: null,
    details: { count: deeds.length },
  };
  const rows = deeds.map((deed) => ({ id: randomUUID(), ...common, ...deed, import_id, details: null }));
  // The whole one last, so that it comes first where the newest do.
  await insert(whole ? [...rows, whole] : rows);
}

/**
 * {@link recordDeeds} for changes that are made. They count whether or not the event can be written, and to say
 * that they failed would make the person repeat them: so this never throws, and the operator's log has a line.
 */
export async function recordDone(...event: Parameters<typeof recordDeeds>): Promise<void> {
  await recordDeeds(...event).catch(logProblem);
}

/**
 * Writes down what somebody did to their own account, once it is done, into their own log. Never throws, as
 * {@link recordDone}.
 *
 * @param details names, addresses and the like; never a password or a code
 */
export async function recordAccount(
  userId: string,
  action: AccountAction,
  details: Record<string, Json> | null = null,
): Promise<void> {
  await insert([{ actor_id: userId, owner_type: "user", owner_id: userId, action, details }]).catch(
    logProblem,
  );
}
