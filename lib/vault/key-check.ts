import type { SupabaseClient } from "@supabase/supabase-js";
import type { SealedColumn } from "./types";

// Whether the master key is the one that this database was filled under. The only file that talks to vault_key_check.
// It is given what it works with, so that scripts can use it as well.

interface Crypto {
  encrypt: (plaintext: string) => Promise<string>;
  decrypt: (ciphertext: string) => Promise<string>;
}

const TABLE = "vault_key_check";
const SECRETS: SealedColumn = { table: "vault_secrets", column: "encrypted_value" };
const KNOWN_TEXT = "vault key check";
/** How many ciphertexts of each table may be damaged before the key is held to be the wrong one. */
const LOOKED_AT = 50;
// PostgREST's and PostgreSQL's. https://docs.postgrest.org/en/v14/references/errors.html
const NO_SUCH_TABLE = ["PGRST205", "42P01"];

/** The master key, or the service in its place, does not open what is stored. Trying again does not help. */
export class WrongMasterKey extends Error {
  override readonly name = "WrongMasterKey";
  constructor() {
    super(
      "VAULT_MASTER_KEY is not the key that this database was encrypted with. Restore the old key in .env.local or in your " +
        "host's environment. If it is lost, see “A lost master key” in the documentation of the vault.",
    );
  }
}

/**
 * Opens the check value with the present key. Where there is none yet, makes one, provided that the key opens
 * something of what is stored: one ciphertext is proof, and those beside it that do not open are damaged.
 *
 * @param database with the server's rights
 * @param others where this app keeps ciphertexts besides the vault's
 * @throws WrongMasterKey if it does not open
 * @throws Error anything else says that it is not known: the database or the encryption is out of reach, or the
 * migration is missing
 */
export async function checkKey(
  database: SupabaseClient,
  crypto: Crypto,
  others: readonly SealedColumn[] = [],
): Promise<void> {
  let found = await readCheckValue(database);
  if (found === null) {
    await proveKey(database, crypto, [SECRETS, ...others]);
    const row = { id: true, encrypted_value: await crypto.encrypt(KNOWN_TEXT) };
    // Of two that start at once, with two keys even, one writes; both open what is there then.
    const { error } = await database.from(TABLE).upsert(row, { ignoreDuplicates: true });
    if (error) throw unknown(error);
    found = await readCheckValue(database);
  }
  if (found === null || (await opened(crypto, found)) !== KNOWN_TEXT) throw new WrongMasterKey();
}

/**
 * Opens the check value and some of what is stored with the present key, and changes nothing.
 *
 * @returns false if nothing is stored that could tell
 * @throws as {@link checkKey}
 */
export async function tryKey(
  database: SupabaseClient,
  crypto: Crypto,
  others: readonly SealedColumn[] = [],
): Promise<boolean> {
  const found = await readCheckValue(database);
  if (found !== null && (await opened(crypto, found)) !== KNOWN_TEXT) throw new WrongMasterKey();
  return (await proveKey(database, crypto, [SECRETS, ...others])) || found !== null;
}

/** Makes the present key the one that the database belongs to, whatever was there before. */
export async function acceptKey(database: SupabaseClient, { encrypt }: Crypto): Promise<void> {
  const row = { id: true, encrypted_value: await encrypt(KNOWN_TEXT) };
  const { error } = await database.from(TABLE).upsert(row);
  if (error) throw unknown(error);
}

async function readCheckValue(database: SupabaseClient): Promise<string | null> {
  const { data, error } = await database.from(TABLE).select("encrypted_value").maybeSingle();
  if (error) throw unknown(error);
  return data?.encrypted_value ?? null;
}

/**
 * @returns whether there is a ciphertext that opens; false if there is none at all
 * @throws WrongMasterKey if there are ciphertexts, and none of those that it looks at opens
 */
async function proveKey(
  database: SupabaseClient,
  crypto: Crypto,
  columns: readonly SealedColumn[],
): Promise<boolean> {
  let hasAny = false;
  for (const { table, column } of columns) {
    const query = database.from(table).select(`ciphertext:${column}`).not(column, "is", null);
    const { data, error } = await query.order("id").limit(LOOKED_AT);
    if (error) throw unknown(error);
    for (const { ciphertext } of (data ?? []) as unknown as { ciphertext: string }[]) {
      if ((await opened(crypto, ciphertext)) !== null) return true;
      hasAny = true;
    }
  }
  if (hasAny) throw new WrongMasterKey();
  return false;
}

/** @returns null if it cannot be decrypted */
async function opened({ decrypt }: Crypto, ciphertext: string): Promise<string | null> {
  try {
    return await decrypt(ciphertext);
  } catch (error) {
    // An error with a code says that the encryption is out of reach, which is no verdict on the key.
    if (error instanceof Error && "code" in error) throw error;
    return null;
  }
}

function unknown(cause: { code: string; message: string; status?: number }): Error {
  const { code, status } = cause;
  const message = NO_SUCH_TABLE.includes(code)
    ? "The migration vault_check.sql has not been applied to the database."
    : !code && status
      ? `Supabase refused the request (${status}).`
      : `The database didn't respond (${code || "it can't be reached"}).`;
  return Object.assign(new Error(message, { cause }), { code });
}
