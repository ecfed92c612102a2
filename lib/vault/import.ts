import "server-only";
import { findCatalogEntry } from "./catalog";
import { compareValue, hasMetadata } from "./compare";
import { vaultProblem } from "./errors";
import { hintOf } from "./hint";
import { type ImportedSecret, utcTime } from "./schema";
import { seal } from "./seal";
import { type Entry, listMetadata, listRows, storeEntries } from "./store";
import type { Owner, SecretMetadata, StoredSecret } from "./types";

/**
 * Stores many secrets at once: all of them, or none. Replacing one is a rotation unless it has this value already; a
 * category or description that is not given stays as it is. Where nothing at all changes, nothing is written. Whether the
 * person may, the caller decides.
 *
 * The database itself compares the states, so nobody's change between the look and the statement is lost. For that, a
 * secret that stays as it is is written along with others that change.
 *
 * @param secrets as checked by `importBody`, each key once
 * @param useOnly whether none of these values may be shown; undefined leaves that to each secret as it is
 * @param addedBy who enters them, by their UUID; null where nobody is known
 * @returns all of them as they are now, by key, and what was done to each
 * @throws Problem secret_changed, secret_limit, vault_unavailable; nothing is stored then
 */
export async function importSecrets(
  owner: Owner,
  secrets: ImportedSecret[],
  useOnly?: boolean | undefined,
  addedBy: string | null = null,
): Promise<StoredSecret[]> {
  const rows = await listRows(owner);
  const present = new Map(rows.map((row) => [row.secret.key, row]));
  requireStates(
    secrets,
    rows.map(({ secret }) => secret),
  );

  const now = new Date().toISOString();
  // All of these before the first comparison: where `encrypt` and `decrypt` have few turns, no value waits for one.
  const begun = secrets.map((secret) => ({ ...secret, sealing: seal(owner, secret.key, secret.value) }));
  const comparing = begun.map(async ({ key, value, category, description, sealing }) => {
    const current = present.get(key);
    const [sealed, action] = await Promise.all([
      sealing,
      current ? compareValue(owner, key, value, current.ciphertext) : ("created" as const),
    ]);
    const same = action === "resaved" ? current : undefined;
    const metadata = {
      key,
      ...(useOnly !== undefined && { use_only: useOnly }),
      ...(description !== undefined && { description }),
    };
    const renewal = { encrypted_value: sealed, last_rotated_at: now, hint: hintOf(value), added_by: addedBy };
    const entry: Entry = current
      ? {
          ...{ ...metadata, ...(category !== undefined && { category }), ...(!same && renewal) },
          is_new: false,
          updated_at: current.secret.updated_at,
        }
      : {
          ...{ description: "", ...metadata, ...renewal },
          category: category ?? findCatalogEntry(key)?.category ?? "General",
          is_new: true,
        };
    return { entry, action, changes: !same || !hasMetadata(same.secret, { ...entry }) };
  });
  const writes = await Promise.all(comparing);
  const stored = writes.some(({ changes }) => changes)
    ? await storeEntries(
        owner,
        writes.map(({ entry }) => entry),
      )
    : await listUnchanged(owner, secrets);
  if (!stored) throw vaultProblem("secret_changed");
  const actions = new Map(writes.map(({ entry, action }) => [entry.key, action]));
  return stored.map((secret) => ({ secret, action: actions.get(secret.key) ?? "created" }));
}

/** The secrets of an import that changes nothing. They have to be in their states all the same: see `storeSecret`. */
async function listUnchanged(owner: Owner, secrets: ImportedSecret[]): Promise<SecretMetadata[]> {
  const keys = new Set(secrets.map(({ key }) => key));
  const present = await listMetadata(owner);
  requireStates(secrets, present);
  return present.filter(({ key }) => keys.has(key));
}

/**
 * The statement would find most of these as well, but could not say which secret it is.
 *
 * @throws Problem secret_changed if one of the secrets is in another state than is expected
 */
function requireStates(secrets: ImportedSecret[], present: SecretMetadata[]): void {
  const states = new Map(present.map(({ key, updated_at }) => [key, updated_at]));
  const moved = secrets.find(({ key, if_updated_at: expected }) => {
    // In the one spelling that rows have, to the microsecond.
    return states.get(key) !== (expected === null ? undefined : utcTime.parse(expected));
  });
  if (!moved) return;
  const detail = `${moved.key} was changed elsewhere after you opened the list. Nothing was stored. Load it again, then decide.`;
  throw vaultProblem("secret_changed", { detail });
}
