import { z } from "zod/v4";
import { decrypt, encrypt } from "./crypto";
import { vaultProblem } from "./errors";
import { orUnavailable, outageProblem } from "./outage";
import type { Owner } from "./types";

const envelope = z.strictObject({
  v: z.literal(1),
  owner_type: z.enum(["user", "team"]),
  owner_id: z.string(),
  key: z.string(),
  value: z.string(),
});

/**
 * Encrypts a value together with the row that it belongs to, so that a ciphertext copied to another row,
 * owner or key is an error there, whatever `encrypt` and `decrypt` are made of.
 *
 * @throws Problem vault_unavailable if the backend of `encrypt` is out of reach
 */
export function seal(owner: Owner, key: string, value: string): Promise<string> {
  return orUnavailable(
    encrypt(JSON.stringify({ v: 1, owner_type: owner.type, owner_id: owner.id, key, value })),
  );
}

/**
 * Opens what {@link seal} made for exactly this owner and key.
 *
 * @param owner and `key`: what the caller asked for, not what the row says
 * @throws Problem secret_unreadable if it cannot be decrypted or was sealed for another row; vault_unavailable if
 * the backend of `decrypt` is out of reach
 */
export async function open(owner: Owner, key: string, ciphertext: string): Promise<string> {
  let sealed: z.infer<typeof envelope>;
  try {
    sealed = envelope.parse(JSON.parse(await decrypt(ciphertext)));
  } catch (error) {
    // Without the cause: messages of parsers quote their input.
    throw outageProblem(error) ?? vaultProblem("secret_unreadable");
  }
  if (sealed.owner_type !== owner.type || sealed.owner_id !== owner.id || sealed.key !== key) {
    throw vaultProblem("secret_unreadable");
  }
  return sealed.value;
}
