import "server-only";
import type { PostgrestError } from "@supabase/supabase-js";
import { vaultProblem } from "./errors";
import { adminClient, settings } from "./host";
import { requireKnownKey } from "./known-key";
import { keyName, secretMetadata, uuid } from "./schema";
import type { Owner, SecretMetadata, VaultSecret } from "./types";

// The rows of vault_secrets, which no other file of the vault writes. Nothing here asks who may do what, and nothing
// here knows a value.

const METADATA =
  "id, owner_type, owner_id, key, category, description, last_rotated_at, created_at, updated_at, details:vault_secret_details(hint, use_only, expires_at, added_by, last_used_at, checked_at, check_result, check_facts)";
const ROW = `${METADATA}, encrypted_value` as const;

// Raised by the migrations' triggers and functions.
const LIMIT_REACHED = "PT409";
const OTHER_STATE = "PT412";

/** What is written with a value, or changed without one. What is left out stays as it is. */
interface WrittenDetails {
  hint?: string | null;
  use_only?: boolean | undefined;
  expires_at?: string | null | undefined;
  added_by?: string | null;
}

type Columns = Pick<VaultSecret, "encrypted_value" | "category" | "description">;

/** A new row, or the change of one. */
export type Entry = WrittenDetails & { key: string } & (
    | ({ is_new: true } & Columns)
    | ({
        is_new: false;
        /** The state that it has to be in; left out: any. */
        updated_at?: string | undefined;
        last_rotated_at?: string;
      } & { [column in keyof Columns]?: Columns[column] | undefined })
  );

/** A whole row, as it is read. */
export interface SealedSecret {
  secret: SecretMetadata;
  ciphertext: string;
}

const sealedSecret = (row: { encrypted_value: string }): SealedSecret => ({
  secret: secretMetadata.parse(row),
  ciphertext: row.encrypted_value,
});

/** Filters are built from owners and keys, so these are checked here whatever the caller has checked. */
function checked(owner: Owner, key = "KEY"): { owner_type: Owner["type"]; owner_id: string } {
  if (!keyName.safeParse(key).success || uuid.safeParse(owner.id).data !== owner.id) {
    throw new TypeError("Not a key name, or not an owner id in lower case.");
  }
  return { owner_type: owner.type, owner_id: owner.id };
}

const table = () => adminClient().from("vault_secrets");
const requireRightKey = () => requireKnownKey(adminClient(), settings().otherCiphertexts);

/** @throws Problem vault_unavailable */
function succeeded<Result extends { error: PostgrestError | null }>(
  result: Result,
): asserts result is Result & { error: null } {
  if (result.error) throw vaultProblem("vault_unavailable", { cause: result.error });
}

/** @returns the ciphertext of one row, null if there is none */
export async function readCiphertext(owner: Owner, key: string): Promise<string | null> {
  const { owner_type, owner_id } = checked(owner, key);
  const result = await table()
    .select("encrypted_value")
    .eq("owner_type", owner_type)
    .eq("owner_id", owner_id)
    .eq("key", key)
    .maybeSingle();
  succeeded(result);
  return result.data?.encrypted_value ?? null;
}

/**
 * {@link readCiphertext} for a value that is going to be shown or copied.
 *
 * @throws Problem secret_use_only, decided from the same statement
 */
export async function readCiphertextToShow(owner: Owner, key: string): Promise<string | null> {
  const { owner_type, owner_id } = checked(owner, key);
  const row = table().select(ROW).eq("owner_type", owner_type).eq("owner_id", owner_id).eq("key", key);
  const result = await row.maybeSingle();
  succeeded(result);
  if (!result.data) return null;
  const { secret, ciphertext } = sealedSecret(result.data);
  if (secret.details?.use_only) throw vaultProblem("secret_use_only");
  return ciphertext;
}

/**
 * @param ifUpdatedAt the state that it has to be in, by its `updated_at`
 * @returns the metadata of one row, null if there is none in that state
 */
export async function readMetadata(
  owner: Owner,
  key: string,
  ifUpdatedAt?: string,
): Promise<SecretMetadata | null> {
  const { owner_type, owner_id } = checked(owner, key);
  const row = table().select(METADATA).eq("owner_type", owner_type).eq("owner_id", owner_id).eq("key", key);
  const result = await (ifUpdatedAt === undefined ? row : row.eq("updated_at", ifUpdatedAt)).maybeSingle();
  succeeded(result);
  return result.data && secretMetadata.parse(result.data);
}

/**
 * Reads one row whole, so that its ciphertext is surely the one of its `updated_at`. It is for comparing what is to be
 * stored, so it asks for the same as storing does.
 *
 * @param ifUpdatedAt the state that it has to be in, by its `updated_at`
 * @returns null if there is no such row in that state
 */
export async function readRow(
  owner: Owner,
  key: string,
  ifUpdatedAt: string | undefined,
): Promise<SealedSecret | null> {
  const { owner_type, owner_id } = checked(owner, key);
  await requireRightKey();
  const row = table().select(ROW).eq("owner_type", owner_type).eq("owner_id", owner_id).eq("key", key);
  const result = await (ifUpdatedAt === undefined ? row : row.eq("updated_at", ifUpdatedAt)).maybeSingle();
  succeeded(result);
  return result.data && sealedSecret(result.data);
}

/** @returns the metadata of all of an owner's rows, by key */
export async function listMetadata(owner: Owner): Promise<SecretMetadata[]> {
  const { owner_type, owner_id } = checked(owner);
  const result = await table()
    .select(METADATA)
    .eq("owner_type", owner_type)
    .eq("owner_id", owner_id)
    .order("key");
  succeeded(result);
  return (result.data ?? []).map((row) => secretMetadata.parse(row));
}

/** @returns all of an owner's rows, each as {@link readRow} does */
export async function listRows(owner: Owner): Promise<SealedSecret[]> {
  const { owner_type, owner_id } = checked(owner);
  await requireRightKey();
  const result = await table().select(ROW).eq("owner_type", owner_type).eq("owner_id", owner_id);
  succeeded(result);
  return (result.data ?? []).map(sealedSecret);
}

/**
 * Adds and changes rows, with their details, in one statement: all of them are stored or none.
 *
 * @param entries each key once
 * @returns their metadata, by key; null if one is there already, is gone, or is in another state than its `updated_at` says
 * @throws Problem secret_limit; the database counts, so parallel requests cannot pass it together
 */
export async function storeEntries(
  owner: Owner,
  entries: readonly Entry[],
): Promise<SecretMetadata[] | null> {
  const { owner_type, owner_id } = checked(owner);
  for (const { key } of entries) checked(owner, key);
  if (entries.some(({ encrypted_value }) => encrypted_value !== undefined)) await requireRightKey();
  const result = await adminClient().rpc("store_secrets", {
    for_type: owner_type,
    for_owner: owner_id,
    // Typed as Json where the client knows the database, and there an optional member is none.
    entries: entries as never,
  });
  if (result.error?.code === OTHER_STATE) return null;
  if (result.error?.code === LIMIT_REACHED) throw vaultProblem("secret_limit");
  succeeded(result);
  const rows: object[] = result.data ?? [];
  const stored = rows.map((row) => secretMetadata.parse(row));
  return stored.sort((a, b) => (a.key < b.key ? -1 : 1));
}

/**
 * Deletes one row.
 *
 * @param ifUpdatedAt the state that it has to be in, by its `updated_at`
 * @returns false if there was no such row in that state
 */
export async function deleteRow(
  owner: Owner,
  key: string,
  ifUpdatedAt: string | undefined,
): Promise<boolean> {
  const { owner_type, owner_id } = checked(owner, key);
  const removal = table().delete().eq("owner_type", owner_type).eq("owner_id", owner_id).eq("key", key);
  const result = await (ifUpdatedAt === undefined ? removal : removal.eq("updated_at", ifUpdatedAt)).select(
    "id",
  );
  succeeded(result);
  return (result.data ?? []).length > 0;
}
