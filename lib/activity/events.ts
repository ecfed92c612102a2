import "server-only";
import { z } from "zod";
import { cursor, cursorText } from "../cursor";
import { adminClient } from "../supabase/admin";
import { vaultProblem } from "../vault/errors";
import { keyName, utcTime, uuid } from "../vault/schema";
import type { Owner } from "../vault/types";
import { EVENT_ACTIONS } from "./actions";

// Reads who did what, and when. Whether the person may is decided by whoever calls this.

const PAGE_SIZE = 30;

/** The allow-list for rows on their way out. Times are ISO 8601 in UTC, with the database's microseconds. */
const eventRow = z.object({
  id: z.string(),
  key: z.string().nullable(),
  action: z.enum(EVENT_ACTIONS),
  actor_id: z.string().nullable(),
  actor_email: z.string().nullable(),
  subject_id: z.string().nullable(),
  subject_email: z.string().nullable(),
  details: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]))
    .nullable(),
  import_id: z.string().nullable(),
  created_at: utcTime,
});
type EventRow = z.infer<typeof eventRow>;

/** Somebody in an event, as the person who asks sees them. */
export interface EventPerson {
  /** Null once the account is deleted, where nobody else has it. */
  email: string | null;
  is_you: boolean;
}

/** One event, as the person who asks sees it. */
export interface VaultEvent extends Pick<EventRow, "id" | "action" | "details" | "created_at" | "import_id"> {
  /** Null where it is about no single key. */
  key: string | null;
  /** Null where nobody in the app did it: a webhook paused itself, or the operator wrote into the database. */
  actor: EventPerson | null;
  /** Whom it was done to. */
  subject: EventPerson | null;
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

/**
 * Lists what was done in an owner's vault, newest first, 30 at a time.
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
  const { data, error } = await adminClient().rpc("activity", {
    for_type: owner.type,
    for_owner: owner.id,
    // One more than is shown says whether there are others.
    most: PAGE_SIZE + 1,
    only_key: key ?? null,
    only_actions: null,
    only_person: null,
    search: null,
    of_import: null,
    from_time: null,
    to_time: null,
    before_time: before?.created_at ?? null,
    before_id: before?.id ?? null,
  });
  if (error) throw vaultProblem("vault_unavailable", { cause: error });
  const rows = data.slice(0, PAGE_SIZE).map((row) => eventRow.parse(row));
  const last = data.length > PAGE_SIZE ? rows.at(-1) : undefined;
  const person = (id: string | null, email: string | null) => id && { email, is_you: id === viewerId };
  return {
    events: rows.map(({ actor_id, actor_email, subject_id, subject_email, ...event }) => ({
      ...event,
      actor: person(actor_id, actor_email) || null,
      subject: person(subject_id, subject_email) || null,
    })),
    next: last ? cursorText(last) : null,
  };
}
