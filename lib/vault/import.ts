import "server-only";
import { findCatalogEntry } from "./catalog";
import { compareValue, hasMetadata } from "./compare";
import { vaultProblem } from "./errors";
import { type ImportedSecret, utcTime } from "./schema";
import { seal } from "./seal";
import { listMetadata, listRows, upsertRows } from "./store";
import type { Owner, SecretMetadata, StoredSecret } from "./types";

/**
 * Stores many secrets at once: all of them, or none. Replacing one is a rotation unless it has this value already; a
 * category or description that is not given stays as it is. Where nothing at all changes, nothing is written. Whether the
 * person may, the caller decides.
 *
 * The database itself compares the states, so nobody's change between the look and the statement is lost. For that, a
 * secret that stays as it is is written along with others that change. One case is left: a secret that somebody deletes
 * in that moment is stored again, as a new one.
 *
 * @param secrets as checked by `importBody`, each key once
 * @returns all of them as they are now, by key, and what was done to each
 * @throws Problem secret_changed, secret_limit, vault_unavailable; nothing is stored then
 */
export async function importSecrets(owner: Owner, secrets: ImportedSecret[]): Promise<StoredSecret[]> {
  const rows = await listRows(owner);
  const present = new Map(rows.map((row) => [row.secret.key, row]));
  requireStates(
    secrets,
    rows.map(({ secret }) => secret),
  );

  const now = new Date().toISOString();
  // All of these before the first comparison: where `encrypt` and `decrypt` have few turns, no value waits for one.
  const begun = secrets.map((secret) => ({ ...secret, sealing: seal(owner, secret.key, secret.value) }));
  const comparing = begun.map(async ({ key, value, category, description, if_updated_at, sealing }) => {
    const current = present.get(key);
    const [sealed, action] = await Promise.all([
      sealing,
      current ? compareValue(owner, key, value, current.ciphertext) : ("created" as const),
    ]);
    const same = action === "resaved" ? current : undefined;
    // Every row has every column: a statement has one list of them.
    const row = {
      key,
      encrypted_value: same?.ciphertext ?? sealed,
      category: category ?? current?.secret.category ?? findCatalogEntry(key)?.category ?? "General",
      description: description ?? current?.secret.description ?? "",
      last_rotated_at: same?.secret.last_rotated_at ?? now,
      created_at: current?.secret.created_at ?? now,
      updated_at: if_updated_at ?? now,
    };
    return { row, action, id: current?.secret.id, changes: !same || !hasMetadata(same.secret, row) };
  });
  const writes = await Promise.all(comparing);
  const stored = writes.some(({ changes }) => changes)
    ? await upsertRows(
        owner,
        writes.map(({ row }) => row),
      )
    : await listUnchanged(owner, secrets);
  const written = new Map(writes.map((write) => [write.row.key, write]));
  return stored.map((secret) => {
    const write = written.get(secret.key);
    return { secret, action: write && write.id === secret.id ? write.action : "created" };
  });
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
