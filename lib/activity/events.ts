import "server-only";
import { z } from "zod";
import { type Cursor, cursorText } from "../cursor";
import { adminClient } from "../supabase/admin";
import { vaultProblem } from "../vault/errors";
import { utcTime } from "../vault/schema";
import type { Owner } from "../vault/types";
import { actionsOf, EVENT_ACTIONS } from "./actions";
import type { ActivityFilter } from "./filter";
import { keptSince } from "./retention";

// Reads who did what, and when. The caller decides whether the person may.

const PAGE_SIZE = 30;
/** More than any import has parts. */
const IMPORT_SIZE = 500;

/** What an event says beside who, what and when: names, roles, amounts and the like. */
const details = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]),
);

/** The allow-list for rows on their way out. Times are ISO 8601 in UTC, with the database's microseconds. */
const eventRow = z.object({
  id: z.string(),
  key: z.string().nullable(),
  action: z.enum(EVENT_ACTIONS),
  actor_id: z.string().nullable(),
  actor_email: z.string().nullable(),
  subject_id: z.string().nullable(),
  subject_email: z.string().nullable(),
  // What an operator or a later version wrote otherwise costs the details, and not the list.
  details: details.nullable().catch(null),
  import_id: z.string().nullable(),
  created_at: utcTime,
});
export type EventRow = z.infer<typeof eventRow>;

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

/** Where in a log to read, and how. */
interface Reading extends ActivityFilter {
  /** Continues after that event. */
  before?: Cursor | undefined;
  /** Only what came with this import. */
  import?: string | undefined;
  /** What came with an import stands beside it, and not only in it. */
  withParts?: boolean;
}

/** The midnight (UTC) after a day. */
function dayAfter(day: string): string {
  const end = new Date(day);
  end.setUTCDate(end.getUTCDate() + 1);
  return end.toISOString();
}

/**
 * Reads rows of an owner's log, newest first. What is older than the operator keeps is not among them.
 *
 * @param most up to 1,000, which is what the database's API gives at a time
 * @throws Problem vault_unavailable
 */
export async function readEvents(owner: Owner, most: number, reading: Reading): Promise<EventRow[]> {
  const { key, person, action, from, to, search, before } = reading;
  // Both are the beginning of a time in ISO 8601, so that the later one is the greater text.
  const since = [from, keptSince()].filter((time) => time !== undefined).sort();
  const { data, error } = await adminClient().rpc("activity", {
    for_type: owner.type,
    for_owner: owner.id,
    most,
    only_key: key ?? null,
    only_actions: action ? [...actionsOf(action)] : null,
    only_person: person ?? null,
    search: search ?? null,
    of_import: reading.import ?? null,
    from_time: since.at(-1) ?? null,
    to_time: to ? dayAfter(to) : null,
    before_time: before?.created_at ?? null,
    before_id: before?.id ?? null,
    with_parts: reading.withParts ?? false,
  });
  if (error) throw vaultProblem("vault_unavailable", { cause: error });
  return data.map((row) => eventRow.parse(row));
}

/**
 * Lists what was done to an owner's keys, and to the team or the account, newest first: 30 at a time, or all that came
 * with one import.
 *
 * @param viewerId whose events are "you"
 * @throws Problem vault_unavailable
 */
export async function listEvents(viewerId: string, owner: Owner, reading: Reading = {}): Promise<EventPage> {
  const size = reading.import ? IMPORT_SIZE : PAGE_SIZE;
  // One more than is shown says whether there are others.
  const found = await readEvents(owner, size + 1, reading);
  const rows = found.slice(0, size);
  const last = found.length > size ? rows.at(-1) : undefined;
  const person = (id: string | null, email: string | null): EventPerson | null =>
    id === null ? null : { email, is_you: id === viewerId };
  return {
    events: rows.map(({ actor_id, actor_email, subject_id, subject_email, ...event }) => ({
      ...event,
      actor: person(actor_id, actor_email),
      subject: person(subject_id, subject_email),
    })),
    next: last ? cursorText(last) : null,
  };
}
