import "server-only";
import { readEmails } from "../auth/profiles";
import { type Cursor, cursorText } from "../cursor";
import { readLastSwitch, selectEvents } from "./store";
import type { Actor, KeyState, OperatorEventPage } from "./types";

const PAGE_SIZE = 20;

const actorOf = (id: string, emails: Map<string, string>, viewerId: string): Actor => ({
  email: emails.get(id) ?? null,
  is_you: id === viewerId,
});

/**
 * What operators did, newest first, 20 at a time.
 *
 * @param viewerId whose events are "you"
 * @param before the last event of the page before; undefined for the first page
 * @throws Problem vault_unavailable
 */
export async function listOperatorEvents(viewerId: string, before?: Cursor): Promise<OperatorEventPage> {
  // One more than is shown says whether there are others.
  const found = await selectEvents(before, PAGE_SIZE + 1);
  const rows = found.slice(0, PAGE_SIZE);
  const emails = await readEmails(
    rows.flatMap(({ actor_id, subject_id }) => [actor_id, subject_id ?? []].flat()),
  );
  const last = found.length > PAGE_SIZE ? rows.at(-1) : undefined;
  return {
    events: rows.map(({ actor_id, subject_id, ...event }) => ({
      ...event,
      actor: actorOf(actor_id, emails, viewerId),
      subject: subject_id === null ? null : { email: emails.get(subject_id) ?? null },
    })),
    next: last ? cursorText(last) : null,
  };
}

/** Who stopped or resumed the platform's key last, and when. */
export async function readKeyChange(viewerId: string): Promise<KeyState["changed"]> {
  const last = await readLastSwitch();
  if (!last) return null;
  return { by: actorOf(last.actor_id, await readEmails([last.actor_id]), viewerId), at: last.created_at };
}
