import type { SupabaseClient } from "@supabase/supabase-js";
import { checkKey } from "../../lib/vault/key-check.ts";
import { sealPlainAddresses, WEBHOOK_CIPHERTEXTS } from "../../lib/webhooks/sealed.ts";
import type { Database } from "../../types/database.ts";

type Crypto = typeof import("../../lib/vault/crypto.ts");

interface Options {
  /** With the server's rights. */
  admin: SupabaseClient<Database>;
  crypto: Crypto;
  /** Counts what would be done, and changes nothing. */
  dryRun: boolean;
  /** Called after each row. */
  onProgress: (progress: Progress) => void;
  /** Stops it after the current rows. */
  signal: AbortSignal;
}

export interface Progress {
  /** All ciphertexts at the start, in any format. */
  total: number;
  /** Opened, and already in the current format. */
  present: number;
  /** Opened and encrypted again; in a dry run, those that would be. */
  resealed: number;
  /** Changed or deleted by someone at that moment: skipped. */
  moved: number;
  /** Those that can't be decrypted, by name and owner. */
  unreadable: string[];
}

export interface Result extends Progress {
  /** What another run would have to do: it isn't in the current format, and may be new. */
  left: number;
}

/** A ciphertext, and how to put another one into its place if it is still there. */
interface Sealed {
  id: string;
  name: string;
  ciphertext: string;
  /** Resolves to whether the row was still as it was read. */
  replace: (ciphertext: string) => Promise<boolean>;
}

type Page = (after: string) => Promise<Sealed[]>;
type Admin = SupabaseClient<Database>;

const PAGE_SIZE = 50;
const FIRST_ID = "00000000-0000-0000-0000-000000000000";
const CIPHERTEXTS = [
  { table: "vault_secrets", column: "encrypted_value" },
  ...WEBHOOK_CIPHERTEXTS,
  { table: "vault_key_check", column: "encrypted_value" },
];
/** The check value's name in the list of what can't be read. */
export const CHECK_VALUE = "the check value of the master key";

/**
 * Opens everything that is encrypted, and encrypts again whatever isn't in the format that `encrypt` writes now: the
 * vault's values, the webhooks' signing secrets and addresses, and the check value. It replaces each row on its own, and only
 * if nobody has changed it in the meantime, so it can be stopped and run again at any time, even while the app is in use. It
 * reads everything back before it writes it.
 *
 * @returns what it did, and what is left: an instance of the app with the old module still writes its old format
 * @throws WrongMasterKey, except in a dry run, which counts what can't be opened
 * @throws whatever `encrypt` or the database throws; rows that are done stay done
 */
export async function reseal(options: Options): Promise<Result> {
  const { admin, crypto, dryRun, onProgress, signal } = options;
  if (!dryRun) {
    await checkKey(admin, crypto, WEBHOOK_CIPHERTEXTS);
    await sealPlainAddresses(admin, crypto);
  }
  const form = formOf(await crypto.encrypt("format probe"));
  const total = await count(admin);
  const progress: Progress = { total, present: 0, resealed: 0, moved: 0, unreadable: [] };
  let stuck = 0;
  onProgress(progress);
  // The check value comes last: until then an instance with the old module can still start.
  for (const page of [
    secretsPage(admin),
    webhooksPage(admin, "encrypted_secret"),
    webhooksPage(admin, "encrypted_url"),
    checkValuePage(admin),
  ]) {
    let after = FIRST_ID;
    while (!signal.aborted) {
      const rows = await page(after);
      const last = rows.at(-1);
      if (!last) break;
      after = last.id;
      const results = await Promise.allSettled(
        rows.map(async (row) => {
          const isOpen = await resealRow(row, form, options, progress);
          if (!isOpen && !row.ciphertext.startsWith(form)) stuck += 1;
          onProgress(progress);
        }),
      );
      // Once the rows beside it are done too, so that nothing is under way when this returns.
      const failed = results.find((result) => result.status === "rejected");
      if (failed) throw failed.reason;
    }
  }
  return { ...progress, left: (await count(admin, form)) - stuck };
}

/** @returns whether it can be decrypted */
async function resealRow(
  row: Sealed,
  form: string,
  { crypto, dryRun }: Options,
  progress: Progress,
): Promise<boolean> {
  let plaintext: string;
  try {
    plaintext = await crypto.decrypt(row.ciphertext);
  } catch (error) {
    // An outage stops everything: see docs/masteryos-bridge.md.
    if (error instanceof Error && "code" in error) throw error;
    progress.unreadable.push(row.name);
    return false;
  }
  if (row.ciphertext.startsWith(form)) {
    progress.present += 1;
    return true;
  }
  if (!dryRun) {
    const ciphertext = await crypto.encrypt(plaintext);
    if ((await crypto.decrypt(ciphertext)) !== plaintext) {
      throw new Error("The result of encrypt() doesn't decrypt to the original. Nothing was replaced.");
    }
    if (!(await row.replace(ciphertext))) {
      progress.moved += 1;
      return true;
    }
  }
  progress.resealed += 1;
  return true;
}

/** What a ciphertext begins with, e.g. "v1.". */
function formOf(ciphertext: string): string {
  const form = /^[a-z]\d+\./.exec(ciphertext)?.[0];
  if (!form) throw new Error("encrypt() has to return text that begins with its format, such as v1.");
  return form;
}

/** How many ciphertexts there are; with a format, how many are in another one. */
async function count(admin: SupabaseClient, form?: string): Promise<number> {
  const counted = await Promise.all(
    CIPHERTEXTS.map(({ table, column }) => {
      const query = admin.from(table).select(column, { count: "exact", head: true }).not(column, "is", null);
      return (form ? query.not(column, "like", `${form}%`) : query).throwOnError();
    }),
  );
  return counted.reduce((sum, result) => sum + (result.count ?? 0), 0);
}

const secretsPage =
  (admin: Admin): Page =>
  async (after) => {
    const { data } = await admin
      .from("vault_secrets")
      .select("id, owner_type, owner_id, key, encrypted_value, updated_at")
      .gt("id", after)
      .order("id")
      .limit(PAGE_SIZE)
      .throwOnError();
    return data.map(({ id, owner_type, owner_id, key, encrypted_value, updated_at }) => ({
      id,
      name: `${key} of ${owner_type} ${owner_id}`,
      ciphertext: encrypted_value,
      replace: async (ciphertext) => {
        const { data: replaced } = await admin
          .from("vault_secrets")
          .update({ encrypted_value: ciphertext })
          .eq("id", id)
          // Moves with every change of the row.
          .eq("updated_at", updated_at)
          .select("id")
          .throwOnError();
        return replaced.length > 0;
      },
    }));
  };

const WEBHOOK_NAMES = { encrypted_secret: "signing secret", encrypted_url: "address" };

const webhooksPage =
  (admin: Admin, column: keyof typeof WEBHOOK_NAMES): Page =>
  async (after) => {
    const { data } = await admin
      .from("webhooks")
      .select("id, encrypted_secret, encrypted_url")
      .not(column, "is", null)
      .gt("id", after)
      .order("id")
      .limit(PAGE_SIZE)
      .throwOnError();
    return data.map(({ id, [column]: stored }) => ({
      id,
      name: `the ${WEBHOOK_NAMES[column]} of webhook ${id}`,
      ciphertext: stored ?? "",
      replace: async (ciphertext) => {
        const { data: replaced } = await admin
          .from("webhooks")
          .update(
            column === "encrypted_url" ? { encrypted_url: ciphertext } : { encrypted_secret: ciphertext },
          )
          .eq("id", id)
          .eq(column, stored ?? "")
          .select("id")
          .throwOnError();
        return replaced.length > 0;
      },
    }));
  };

/** Of one row, after which there is none. */
const checkValuePage =
  (admin: Admin): Page =>
  async (after) => {
    if (after !== FIRST_ID) return [];
    const { data } = await admin.from("vault_key_check").select("encrypted_value").throwOnError();
    return data.map(({ encrypted_value }) => ({
      id: CHECK_VALUE,
      name: CHECK_VALUE,
      ciphertext: encrypted_value,
      replace: async (ciphertext) => {
        const { data: replaced } = await admin
          .from("vault_key_check")
          .update({ encrypted_value: ciphertext })
          .eq("encrypted_value", encrypted_value)
          .select("id")
          .throwOnError();
        return replaced.length > 0;
      },
    }));
  };
