import "server-only";
import type { SupabaseClient } from "@supabase/supabase-js";
import * as crypto from "./crypto";
import { vaultProblem } from "./errors";
import { checkKey } from "./key-check";
import { outageProblem } from "./outage";
import type { SealedColumn } from "./types";

let known: Promise<void> | undefined;

/**
 * That the master key is the database's. Asks until it has been answered once: neither the key nor what was filled under
 * it changes while this runs.
 *
 * @param database with the server's rights
 * @param others where this app keeps ciphertexts besides the vault's, all of them
 * @throws WrongMasterKey, or an Error if it can't be found out
 */
export function keyIsKnown(database: SupabaseClient, others?: readonly SealedColumn[]): Promise<void> {
  known ??= checkKey(database, crypto, others).catch((error) => {
    known = undefined;
    throw error;
  });
  return known;
}

/**
 * Stands before each write of a ciphertext, so that no two keys ever fill one database. It asks the database before the
 * first one (Next keeps what the start found out apart from what routes know), and not once more after that.
 *
 * @param database as {@link keyIsKnown} takes it, and `others`, too
 * @throws Problem vault_unavailable if the key is not known to be the right one
 */
export async function requireKnownKey(
  database: SupabaseClient,
  others?: readonly SealedColumn[],
): Promise<void> {
  try {
    await keyIsKnown(database, others);
  } catch (error) {
    throw outageProblem(error) ?? vaultProblem("vault_unavailable", { cause: error });
  }
}
