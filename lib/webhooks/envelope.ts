import { z } from "zod";
import { adminClient } from "../supabase/admin";
import { decrypt, encrypt } from "../vault/crypto";
import { requireKnownKey } from "../vault/known-key";
import { orUnavailable, outageProblem } from "../vault/outage";
import { envelopeText, type SealedMember, WEBHOOK_CIPHERTEXTS } from "./sealed";

/**
 * Stands before each write of what is encrypted here, as it does in the vault.
 *
 * @throws Problem vault_unavailable if the key is not known to be the right one
 */
export const requireRightKey = (): Promise<void> => requireKnownKey(adminClient(), WEBHOOK_CIPHERTEXTS);

/**
 * Encrypts what is secret of a webhook together with the webhook that it belongs to, and with what it is.
 *
 * @throws Problem vault_unavailable if the backend of `encrypt` is out of reach
 */
export function seal(webhookId: string, member: SealedMember, text: string): Promise<string> {
  return orUnavailable(encrypt(envelopeText(webhookId, member, text)));
}

/**
 * Opens what {@link seal} made for exactly this webhook and member.
 *
 * @returns null if it cannot be decrypted, or was made for another webhook or member
 * @throws Problem vault_unavailable if the backend of `decrypt` is out of reach
 */
export async function open(
  webhookId: string,
  member: SealedMember,
  ciphertext: string,
): Promise<string | null> {
  const envelope = z.strictObject({
    v: z.literal(1),
    webhook_id: z.literal(webhookId),
    [member]: z.string(),
  });
  try {
    return String(envelope.parse(JSON.parse(await decrypt(ciphertext)))[member]);
  } catch (error) {
    const outage = outageProblem(error);
    if (outage) throw outage;
    return null;
  }
}
