import type { SupabaseClient } from "@supabase/supabase-js";
import type { Database } from "../../types/database.ts";

type Crypto = typeof import("../../lib/vault/crypto.ts");

interface Options {
  /** With the server's rights. */
  admin: SupabaseClient<Database>;
  crypto: Crypto;
  /** Tells what would be done, and does nothing. */
  dryRun: boolean;
  /** Is told after each row. */
  onProgress: (progress: Progress) => void;
  /** Stops it after the rows that are under way. */
  signal: AbortSignal;
}

export interface Progress {
  /** Rows that were not in the present form when it began. */
  total: number;
  resealed: number;
  /** Changed or deleted by somebody in that moment: left alone. */
  moved: number;
  /** Rows that cannot be decrypted, by what and whose they are. */
  unreadable: string[];
}

export interface Result extends Progress {
  /** Rows that are not in the present form when it ends, those that came meanwhile included. */
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

type Page = (after: string, present: string) => Promise<Sealed[]>;

const PAGE_SIZE = 50;
const FIRST_ID = "00000000-0000-0000-0000-000000000000";

/**
 * Encrypts anew whatever is not in the form that `encrypt` writes now: the vault's values and the webhooks' signing
 * secrets. Each row by itself and only if nobody has changed it meanwhile, so it may be stopped and run again at any
 * time, also while the app is in use. What it writes it has read back before.
 *
 * @returns what it did, and what is left: an instance of the app that has the module of before writes on in its form
 * @throws whatever `encrypt` or the database throws; rows that were done until then stay done
 */
export async function reseal(options: Options): Promise<Result> {
  const { admin, crypto, dryRun, onProgress, signal } = options;
  const present = formOf(await crypto.encrypt("which form is the present one"));
  const progress: Progress = {
    total: await countOthers(admin, present),
    resealed: 0,
    moved: 0,
    unreadable: [],
  };
  onProgress(progress);
  for (const page of [secretsPage(admin), signingSecretsPage(admin)]) {
    let after = FIRST_ID;
    while (!signal.aborted) {
      const rows = await page(after, present);
      const last = rows.at(-1);
      if (!last) break;
      after = last.id;
      const results = await Promise.allSettled(
        rows.map((row) => resealRow(row, crypto, dryRun, progress).then(() => onProgress(progress))),
      );
      // Once the rows beside it are done too, so that nothing is under way when this returns.
      const failed = results.find((result) => result.status === "rejected");
      if (failed) throw failed.reason;
    }
  }
  return { ...progress, left: await countOthers(admin, present) };
}

async function resealRow(row: Sealed, crypto: Crypto, dryRun: boolean, progress: Progress): Promise<void> {
  let plaintext: string;
  try {
    plaintext = await crypto.decrypt(row.ciphertext);
  } catch (error) {
    // An outage ends the whole of it: see docs/masteryos-bridge.md.
    if (error instanceof Error && "code" in error) throw error;
    progress.unreadable.push(row.name);
    return;
  }
  if (!dryRun) {
    const ciphertext = await crypto.encrypt(plaintext);
    if ((await crypto.decrypt(ciphertext)) !== plaintext) {
      throw new Error("What encrypt() returned does not decrypt to what it was given. Nothing was replaced.");
    }
    if (!(await row.replace(ciphertext))) {
      progress.moved += 1;
      return;
    }
  }
  progress.resealed += 1;
}

/** What a ciphertext begins with, e.g. "v1.". */
function formOf(ciphertext: string): string {
  const form = /^[a-z]\d+\./.exec(ciphertext)?.[0];
  if (!form) throw new Error("encrypt() has to return text that begins with its form, such as v1.");
  return form;
}

async function countOthers(admin: SupabaseClient<Database>, present: string): Promise<number> {
  const head = { count: "exact", head: true } as const;
  const [secrets, signing] = await Promise.all([
    admin
      .from("vault_secrets")
      .select("id", head)
      .not("encrypted_value", "like", `${present}%`)
      .throwOnError(),
    admin.from("webhooks").select("id", head).not("encrypted_secret", "like", `${present}%`).throwOnError(),
  ]);
  return (secrets.count ?? 0) + (signing.count ?? 0);
}

const secretsPage =
  (admin: SupabaseClient<Database>): Page =>
  async (after, present) => {
    const { data } = await admin
      .from("vault_secrets")
      .select("id, owner_type, owner_id, key, encrypted_value, updated_at")
      .not("encrypted_value", "like", `${present}%`)
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

const signingSecretsPage =
  (admin: SupabaseClient<Database>): Page =>
  async (after, present) => {
    const { data } = await admin
      .from("webhooks")
      .select("id, encrypted_secret")
      .not("encrypted_secret", "like", `${present}%`)
      .gt("id", after)
      .order("id")
      .limit(PAGE_SIZE)
      .throwOnError();
    return data.map(({ id, encrypted_secret }) => ({
      id,
      name: `the signing secret of webhook ${id}`,
      ciphertext: encrypted_secret ?? "",
      replace: async (ciphertext) => {
        const { data: replaced } = await admin
          .from("webhooks")
          .update({ encrypted_secret: ciphertext })
          .eq("id", id)
          .eq("encrypted_secret", encrypted_secret ?? "")
          .select("id")
          .throwOnError();
        return replaced.length > 0;
      },
    }));
  };
