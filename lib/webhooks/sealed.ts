import type { SupabaseClient } from "@supabase/supabase-js";
import type { SealedColumn } from "../vault/types";

// What of a webhook is stored as `encrypt` made it. For the app and for scripts, so it imports types alone.

/** Where the signing secrets are. */
const SIGNING_SECRETS: SealedColumn = { table: "webhooks", column: "encrypted_secret" };
/** Where the addresses are. */
const ADDRESSES: SealedColumn = { table: "webhooks", column: "encrypted_url" };
export const WEBHOOK_CIPHERTEXTS = [SIGNING_SECRETS, ADDRESSES];

export type SealedMember = "secret" | "url";

/** What is encrypted: bound to its row and to its column, so that no other opens it. */
export const envelopeText = (webhookId: string, member: SealedMember, text: string): string =>
  JSON.stringify({ v: 1, webhook_id: webhookId, [member]: text });

interface Crypto {
  encrypt: (plaintext: string) => Promise<string>;
  decrypt: (ciphertext: string) => Promise<string>;
}

const FIRST_ID = "00000000-0000-0000-0000-000000000000";
const PAGE_SIZE = 50;

/**
 * Seals the addresses of webhooks from before addresses were sealed. Each row by itself, read back before it replaces the
 * plain one, and only if nobody has changed that meanwhile: so it may be stopped at any time, and run twice at once.
 *
 * @param database with the server's rights
 * @param crypto under the key that is known to be the database's
 * @throws whatever `encrypt` or the database throws; what is not sealed by then stays as it is, and in use
 */
export async function sealPlainAddresses(database: SupabaseClient, crypto: Crypto): Promise<void> {
  for (let after = FIRST_ID; ; ) {
    const { data: rows } = await database
      .from("webhooks")
      .select("id, url")
      .not("url", "is", null)
      .gt("id", after)
      .order("id")
      .limit(PAGE_SIZE)
      .throwOnError();
    const last = rows.at(-1);
    if (!last) return;
    await Promise.all(rows.map((row) => sealPlain(database, crypto, row)));
    after = last.id;
  }
}

async function sealPlain(
  database: SupabaseClient,
  { encrypt, decrypt }: Crypto,
  { id, url }: { id: string; url: string },
): Promise<void> {
  const text = envelopeText(id, "url", url);
  const sealed = await encrypt(text);
  if ((await decrypt(sealed)) !== text) {
    throw new Error(
      "What encrypt() returned does not decrypt to what it was given. No address was replaced.",
    );
  }
  await database.rpc("seal_webhook_address", { webhook: id, plain: url, sealed }).throwOnError();
}
