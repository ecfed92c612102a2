import "server-only";
import { after } from "next/server";
import type { Owner, SecretChange, SecretDeed } from "../vault/types";
import type { RunEnding } from "../vault-usage/entry";
import { tellWebhooks } from "./deliver";

// What happened, as webhooks are told of it once the request is answered. Ids, key names, sources and counts: never
// a value, a prompt or an answer.

type SecretEvent = "created" | "rotated" | "deleted" | "revealed";

/** A value that is the same as before is no event, and neither are a category and a description. */
const EVENTS: Record<SecretDeed, SecretEvent | null> = {
  created: "created",
  replaced: "rotated",
  // It may be the same value. A receiver who fetches one too many has lost nothing.
  replaced_unread: "rotated",
  resaved: null,
  metadata: null,
  deleted: "deleted",
};

/**
 * Tells an owner's webhooks what was done to their secrets: one message, however many there are.
 *
 * @param actorId from the session
 */
export function tellOfSecrets(
  actorId: string,
  owner: Owner,
  event: SecretEvent,
  keys: readonly string[],
): void {
  if (keys.length === 0) return;
  const data = { keys, owner_type: owner.type, owner_id: owner.id, actor_id: actorId };
  after(() => tellWebhooks({ owner, personId: actorId, event: `vault.secret.${event}`, data }));
}

/** {@link tellOfSecrets} for values that are new, replaced or gone: one message for each kind. */
export function tellOfValues(actorId: string, owner: Owner, changes: SecretChange["changes"]): void {
  for (const event of ["created", "rotated", "deleted"] as const) {
    const some = changes.filter(({ action }) => EVENTS[action] === event);
    tellOfSecrets(
      actorId,
      owner,
      event,
      some.map(({ key }) => key),
    );
  }
}

/**
 * Tells the webhooks of the workspace in which a run took place how it ended. Never rejects.
 *
 * @param left milliseconds for all attempts
 */
export async function tellOfRun(ending: RunEnding, left: number): Promise<void> {
  const { id, user_id, team_id, status, details, ...run } = ending;
  // A job's doings are its team's.
  const personId = user_id ?? team_id;
  if (personId === null) return;
  const owner: Owner = team_id === null ? { type: "user", id: personId } : { type: "team", id: team_id };
  const event = status === "completed" ? "reveal.completed" : "reveal.failed";
  const data = { run_id: id, user_id, team_id, status, ...run, ...details };
  await tellWebhooks({ owner, personId, event, data, left });
}
