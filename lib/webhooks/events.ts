import "server-only";
import { after } from "next/server";
import type { RunEnding } from "../reveal/ledger";
import { REVEAL_KEY } from "../reveal/types";
import { isNew, type Owner, type SecretMetadata } from "../vault/types";
import { tellWebhooks } from "./deliver";

// What happened, as webhooks are told of it once the request is answered. Ids, key names, sources and counts: never
// a value, a prompt or an answer.

type SecretChange = "created" | "rotated" | "deleted" | "revealed";

/**
 * Tells an owner's webhooks what was done to their secrets: one message, however many there are.
 *
 * @param actorId from the session
 */
export function tellOfSecrets(
  actorId: string,
  owner: Owner,
  change: SecretChange,
  keys: readonly string[],
): void {
  if (keys.length === 0) return;
  const data = { keys, owner_type: owner.type, owner_id: owner.id, actor_id: actorId };
  after(() => tellWebhooks({ owner, personId: actorId, event: `vault.secret.${change}`, data }));
}

/** {@link tellOfSecrets} for secrets that were given a value: those that are new are "created". */
export function tellOfValues(actorId: string, owner: Owner, secrets: readonly SecretMetadata[]): void {
  const keysOf = (some: readonly SecretMetadata[]) => some.map(({ key }) => key);
  tellOfSecrets(actorId, owner, "created", keysOf(secrets.filter(isNew)));
  tellOfSecrets(actorId, owner, "rotated", keysOf(secrets.filter((secret) => !isNew(secret))));
}

/**
 * Tells the webhooks of the workspace in which a run took place how it ended. Never rejects.
 *
 * @param left milliseconds for all attempts
 */
export async function tellOfRun(ending: RunEnding, left: number): Promise<void> {
  const { id, user_id, team_id, status, details, ...run } = ending;
  const owner: Owner = team_id === null ? { type: "user", id: user_id } : { type: "team", id: team_id };
  const event = status === "completed" ? "reveal.completed" : "reveal.failed";
  const data = { run_id: id, user_id, team_id, key: REVEAL_KEY, status, ...run, ...details };
  await tellWebhooks({ owner, personId: user_id, event, data, left });
}
