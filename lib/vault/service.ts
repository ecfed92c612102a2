import "server-only";
import { findCatalogEntry } from "./catalog";
import { compareValue, hasMetadata } from "./compare";
import { noteUse } from "./details";
import { vaultProblem } from "./errors";
import { hintOf } from "./hint";
import { readCandidates, readIfAllowed, settings } from "./host";
import { Problem } from "./http/problem";
import type { SetSecretInput } from "./schema";
import { open, seal } from "./seal";
import {
  deleteRow,
  type Entry,
  listMetadata,
  readCiphertext,
  readMetadata,
  readRow,
  storeEntries,
} from "./store";
import type { Owner, ResolvedSecret, SecretMetadata, SecretSource, SecretUse, StoredSecret } from "./types";

// Server only. These functions do what they are told: whether the person may is decided by whoever calls
// them (lib/vault/access.ts does it for requests), except where it is said. All of them throw the Problem vault_unavailable if the
// database does not answer.

/** Nearest first. */
const ALL_SOURCES: readonly SecretSource[] = ["user", "team", "env"];

/**
 * Reads and decrypts one secret.
 *
 * @returns null if there is no such secret
 * @throws Problem secret_unreadable
 */
export async function getSecret(owner: Owner, key: string): Promise<string | null> {
  const ciphertext = await readCiphertext(owner, key);
  return ciphertext === null ? null : open(owner, key, ciphertext);
}

/**
 * {@link getSecret} for a value that is asked for in order to leave the server. The app decides whether the person may
 * as it reads the value, and its own record of that comes first: without it, nobody gets the value.
 *
 * @throws Problem team_not_found, the same for a foreign team and for none; team_role_required; secret_unreadable, and
 * then the record says that the value was asked for
 */
export async function getSecretForUse(use: SecretUse): Promise<string | null> {
  const { owner, key, action } = use;
  const ciphertext = await readIfAllowed(use);
  if (ciphertext === null) return null;
  const value = await open(owner, key, ciphertext);
  if (action === "revealed") noteUse(owner, key, ciphertext);
  return value;
}

/** Reads the metadata of one secret; null if there is none. Never decrypts. */
export async function getSecretMetadata(owner: Owner, key: string): Promise<SecretMetadata | null> {
  return readMetadata(owner, key);
}

/** Lists an owner's secrets by key. Never decrypts. */
export async function listSecrets(owner: Owner): Promise<SecretMetadata[]> {
  return listMetadata(owner);
}

/**
 * Creates a secret, or changes the members that are given. `last_rotated_at` moves where there is a new value: not without
 * `value`, and not with the one that is stored already. A write that changes nothing leaves `updated_at` too.
 *
 * @param input as checked by `setSecretBody`; with `if_updated_at` it applies only to that state of the row,
 * and with null only where there is none yet
 * @returns the secret as it is now
 * @throws Problem secret_not_found (nothing to change), secret_changed, secret_limit
 */
export async function setSecret(owner: Owner, input: SetSecretInput): Promise<SecretMetadata> {
  return (await storeSecret(owner, input)).secret;
}

/**
 * {@link setSecret}, and what it has done.
 *
 * @param addedBy who enters the value, by their UUID; null where nobody is known
 */
export async function storeSecret(
  owner: Owner,
  input: SetSecretInput,
  addedBy: string | null = null,
): Promise<StoredSecret> {
  const { value, if_updated_at, ...metadata } = input;
  const { key, category, description } = metadata;
  const change = async (entry: Omit<Entry & { is_new: false }, "key" | "is_new">) =>
    (await storeEntries(owner, [{ ...entry, key, is_new: false }]))?.[0];
  if (value === undefined) {
    const secret = if_updated_at === null ? null : await change({ ...metadata, updated_at: if_updated_at });
    if (!secret) throw await notInState(owner, key, if_updated_at);
    return { secret, action: "metadata" };
  }
  const [encrypted_value, present] = await Promise.all([
    seal(owner, key, value),
    if_updated_at === null ? null : comparePresent(owner, key, value, if_updated_at),
  ]);
  const last_rotated_at = new Date().toISOString();
  const renewal = { ...metadata, encrypted_value, last_rotated_at, hint: hintOf(value), added_by: addedBy };
  if (present) {
    const { action, secret: compared } = present;
    const isSame = action === "resaved";
    // Where nothing changes, the row has to be in that state all the same. So a right guess and a wrong one are refused
    // alike, and nobody can try values without replacing the one that is stored.
    const secret =
      isSame && hasMetadata(compared, metadata)
        ? await readMetadata(owner, key, compared.updated_at)
        : await change({ ...(isSame ? metadata : renewal), updated_at: compared.updated_at });
    if (secret) return { secret, action };
  }
  if (typeof if_updated_at === "string") throw await notInState(owner, key, if_updated_at);

  const defaults = {
    category: category ?? findCatalogEntry(key)?.category ?? "General",
    description: description ?? "",
  };
  const inserted = await storeEntries(owner, [{ ...renewal, ...defaults, is_new: true }]);
  if (inserted?.[0]) return { secret: inserted[0], action: "created" };
  // Somebody created or changed it since it was looked for: then this changes theirs, if it may.
  const secret = if_updated_at === null ? null : await change(renewal);
  if (!secret) throw vaultProblem("secret_changed");
  return { secret, action: "replaced_unread" };
}

/** The present row, and what storing this value over it is; null if there is none in that state. */
async function comparePresent(owner: Owner, key: string, value: string, ifUpdatedAt: string | undefined) {
  const row = await readRow(owner, key, ifUpdatedAt);
  return row && { secret: row.secret, action: await compareValue(owner, key, value, row.ciphertext) };
}

/** Why there is no row in the state that a change is meant for. */
async function notInState(owner: Owner, key: string, state: string | null | undefined): Promise<Problem> {
  const isThere = typeof state === "string" && (await readMetadata(owner, key)) !== null;
  return vaultProblem(isThere ? "secret_changed" : "secret_not_found");
}

/**
 * Deletes one secret.
 *
 * @param ifUpdatedAt deletes it only in that state, by its `updated_at`
 * @returns false if there was none
 * @throws Problem secret_changed if it is in another state
 */
export async function deleteSecret(owner: Owner, key: string, ifUpdatedAt?: string): Promise<boolean> {
  if (await deleteRow(owner, key, ifUpdatedAt)) return true;
  if (ifUpdatedAt !== undefined && (await readMetadata(owner, key))) throw vaultProblem("secret_changed");
  return false;
}

/**
 * Finds the key that a feature is to use: the person's, else the team's, else the platform's. Only "there
 * is no such secret" moves on to the next layer. One that cannot be read, or a database that does not
 * answer, is an error, because otherwise somebody else would pay without knowing.
 *
 * @param userId from the session
 * @param teamId counts only while the person is a member; null for none
 * @param sources the layers that count; all of them unless a rule leaves some out
 * @returns null if no layer has the key
 * @throws Problem secret_unreadable or vault_unavailable, with the source that failed
 */
export async function resolveSecretWithSource(
  userId: string,
  teamId: string | null,
  key: string,
  sources = ALL_SOURCES,
): Promise<ResolvedSecret | null> {
  const { user, team, env: platform } = await findLayers(userId, teamId, key, sources);
  if (user !== null) return openLayer({ type: "user", id: userId }, key, user);
  if (team !== null && teamId !== null) return openLayer({ type: "team", id: teamId }, key, team);
  return platform === null ? null : { value: platform, source: "env" };
}

/** {@link resolveSecretWithSource} for callers that do not ask whose key it is. */
export async function resolveSecret(
  userId: string,
  teamId: string | null,
  key: string,
): Promise<string | null> {
  return (await resolveSecretWithSource(userId, teamId, key))?.value ?? null;
}

/**
 * Says which layers hold a key, nearest first, without decrypting anything: the first one would pay, and
 * each next one if those before it were gone.
 */
export async function explainResolution(
  userId: string,
  teamId: string | null,
  key: string,
): Promise<SecretSource[]> {
  const layers = await findLayers(userId, teamId, key, ALL_SOURCES);
  return ALL_SOURCES.filter((source) => layers[source] !== null);
}

/**
 * What each layer holds under a key: ciphertexts, and the platform's value. Null where it holds nothing, or is not
 * among these sources. In one round trip.
 */
async function findLayers(
  userId: string,
  teamId: string | null,
  key: string,
  sources: readonly SecretSource[],
): Promise<Record<SecretSource, string | null>> {
  const { user, team } =
    teamId === null
      ? { user: await readCiphertext({ type: "user", id: userId }, key), team: null }
      : await readCandidates(userId, teamId, key);
  const counts = (source: SecretSource) => sources.includes(source);
  return {
    user: counts("user") ? user : null,
    team: counts("team") ? team : null,
    env: counts("env") ? platformSecret(key) : null,
  };
}

/** The value of a key that the platform lends; null where it has none, or does not lend that key. */
export function platformSecret(key: string): string | null {
  // Both have to agree: the operator's map holds a value, and the catalogue lets this key fall back.
  return (findCatalogEntry(key)?.mayFallBackToEnv && settings().platformKeys.get(key)) || null;
}

/**
 * Decrypts what a layer holds, for callers that find it in a statement of their own.
 *
 * @param owner whom the caller asked for
 * @throws Problem secret_unreadable or vault_unavailable, with the source that failed
 */
export async function openLayer(owner: Owner, key: string, ciphertext: string): Promise<ResolvedSecret> {
  try {
    const value = await open(owner, key, ciphertext);
    noteUse(owner, key, ciphertext);
    return { value, source: owner.type };
  } catch (error) {
    const isOut = error instanceof Problem && error.code === "vault_unavailable";
    throw vaultProblem(isOut ? "vault_unavailable" : "secret_unreadable", { source: owner.type });
  }
}
