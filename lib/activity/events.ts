import "server-only";
import { z } from "zod";
import { readEmails } from "../auth/profiles";
import { after, cursor, cursorText } from "../cursor";
import { adminClient } from "../supabase/admin";
import { vaultProblem } from "../vault/errors";
import { logProblem } from "../vault/http/log";
import { keyName, utcTime, uuid } from "../vault/schema";
import type { Owner, SecretUse } from "../vault/types";

// Who did what to which key, and when; never a value. Whether the person may is decided by whoever calls this, and for
// a value by the database, as it reads it.

const PAGE_SIZE = 30;
const COLUMNS = "id, actor_id, key, action, created_at";

const ACTIONS = ["set", "metadata", "revealed", "deleted", "checked"] as const;
export type EventAction = (typeof ACTIONS)[number];

/** The allow-list for rows on their way out. Times are ISO 8601 in UTC, with the database's microseconds. */
const eventRow = z.object({
  id: z.string(),
  actor_id: z.string(),
  key: z.string(),
  action: z.enum(ACTIONS),
  created_at: utcTime,
});

/** What asking for a value comes back with, or nothing where there is no such secret. */
const usedRow = z.object({ encrypted_value: z.string(), has_webhooks: z.boolean() }).nullable();

/** One event, as the person who asks sees it. */
export interface VaultEvent {
  id: string;
  key: string;
  action: EventAction;
  actor: {
    /** Null once the account is deleted. */
    email: string | null;
    is_you: boolean;
  };
  created_at: string;
}

/** Some events, newest first. */
export interface EventPage {
  events: VaultEvent[];
  /** What `before` has to be for those that follow; null if there are none. */
  next: string | null;
}

/** The parameters of `GET /api/vault/events`. */
export const eventsQuery = z.strictObject({
  team_id: uuid.optional(),
  key: keyName.optional(),
  before: cursor.optional(),
});

/** Which of an owner's events: those of one key, those before another one. */
type EventFilter = Omit<z.output<typeof eventsQuery>, "team_id">;

// Raised by the migration's trigger.
const NOT_IN_TEAM = "PT404";
const NO_ADMIN = "PT403";

// In the operator's log, the names tell a lost event from a value that was refused.
const unavailable = (name: "EventNotRecorded" | "ValueNotGiven", code?: string) =>
  vaultProblem("vault_unavailable", { cause: { name, code } });

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
}: SecretUse): Promise<{ ciphertext: string; hasWebhooks: boolean } | null> {
  const { data, error } = await adminClient()
    .from("vault_uses")
    .insert({ actor_id: userId, owner_type: owner.type, owner_id: owner.id, key, action })
    .select("encrypted_value, has_webhooks")
    .maybeSingle();
  if (error?.code === NOT_IN_TEAM) throw vaultProblem("team_not_found");
  if (error?.code === NO_ADMIN) throw vaultProblem("team_role_required");
  const row = usedRow.safeParse(data);
  if (error || !row.success) throw unavailable("ValueNotGiven", error?.code);
  return row.data && { ciphertext: row.data.encrypted_value, hasWebhooks: row.data.has_webhooks };
}

/**
 * Writes one event for each key, all of them or none. Events of changes are written once these are made, by
 * {@link recordDone}, and so never claim one that was not.
 *
 * @param actorId from the session
 * @throws Problem vault_unavailable; then there is no event
 */
export async function recordEvents(
  actorId: string,
  owner: Owner,
  keys: readonly string[],
  action: EventAction,
): Promise<void> {
  const { error } = await adminClient()
    .from("vault_events")
    .insert(
      keys.map((key) => ({ actor_id: actorId, owner_type: owner.type, owner_id: owner.id, key, action })),
    );
  if (error) throw unavailable("EventNotRecorded", error.code);
}

/**
 * {@link recordEvents} for changes that are made. They stand whether or not the event can be written, and to say
 * that they failed would make the person repeat them: so this never throws, and the operator's log has a line.
 */
export async function recordDone(...event: Parameters<typeof recordEvents>): Promise<void> {
  await recordEvents(...event).catch(logProblem);
}

/**
 * Lists what was done with an owner's keys, newest first, 30 at a time.
 *
 * @param viewerId whose events are "you"
 * @param before continues after that event
 * @throws Problem vault_unavailable
 */
export async function listEvents(
  viewerId: string,
  owner: Owner,
  { key, before }: EventFilter = {},
): Promise<EventPage> {
  let query = adminClient()
    .from("vault_events")
    .select(COLUMNS)
    .eq("owner_type", owner.type)
    .eq("owner_id", owner.id);
  if (key !== undefined) query = query.eq("key", key);
  if (before) {
    const { notLater, or } = after(before);
    query = query.lte("created_at", notLater).or(or);
  }
  // One more than is shown says whether there are others.
  const { data, error } = await query
    .order("created_at", { ascending: false })
    .order("id", { ascending: false })
    .limit(PAGE_SIZE + 1);
  if (error) throw vaultProblem("vault_unavailable", { cause: error });

  const rows = data.slice(0, PAGE_SIZE).map((row) => eventRow.parse(row));
  const last = data.length > PAGE_SIZE ? rows.at(-1) : undefined;
  const emails = await readEmails(rows.map(({ actor_id }) => actor_id));
  return {
    events: rows.map(({ actor_id, ...event }) => ({
      ...event,
      actor: { email: emails.get(actor_id) ?? null, is_you: actor_id === viewerId },
    })),
    next: last ? cursorText(last) : null,
  };
}
