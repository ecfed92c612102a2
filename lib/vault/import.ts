import "server-only";
import { findCatalogEntry } from "./catalog";
import { vaultProblem } from "./errors";
import type { ImportedSecret } from "./schema";
import { seal } from "./seal";
import { listMetadata, upsertRows } from "./store";
import type { Owner, SecretMetadata } from "./types";

/**
 * Stores many secrets at once: all of them, or none. Replacing one is a rotation; a category or description
 * that is not given stays as it is. Whether the person may is decided by whoever calls this.
 *
 * The database itself compares the states, so nobody's change between the look and the statement is lost.
 * One case is left: a secret that somebody deletes in that moment is stored again.
 *
 * @param secrets as checked by `importBody`, each key once
 * @returns all of them as they are now, by key
 * @throws Problem secret_changed, secret_limit, vault_unavailable; nothing is stored then
 */
export async function importSecrets(owner: Owner, secrets: ImportedSecret[]): Promise<SecretMetadata[]> {
  const present = new Map((await listMetadata(owner)).map((secret) => [secret.key, secret]));
  // The statement would find most of these as well, but could not say which secret it is.
  const moved = secrets.find(
    ({ key, if_updated_at }) => !isSameTime(present.get(key)?.updated_at, if_updated_at),
  );
  if (moved) {
    const detail = `${moved.key} was changed elsewhere after you opened the list. Nothing was stored. Load it again, then decide.`;
    throw vaultProblem("secret_changed", { detail });
  }

  const now = new Date().toISOString();
  const rows = secrets.map(async ({ key, value, category, description, if_updated_at }) => {
    const current = present.get(key);
    // Every row has every column: a statement has one list of them.
    return {
      key,
      encrypted_value: await seal(owner, key, value),
      category: category ?? current?.category ?? findCatalogEntry(key)?.category ?? "General",
      description: description ?? current?.description ?? "",
      last_rotated_at: now,
      created_at: current?.created_at ?? now,
      updated_at: if_updated_at ?? now,
    };
  });
  return upsertRows(owner, await Promise.all(rows));
}

/** To the millisecond; the database compares the microseconds. */
function isSameTime(present: string | undefined, expected: string | null): boolean {
  if (present === undefined || expected === null) return present === undefined && expected === null;
  return Date.parse(present) === Date.parse(expected);
}
