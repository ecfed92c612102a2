import { randomBytes } from "node:crypto";
import { z } from "zod";
import { decrypt, encrypt } from "../vault/crypto";
import { orUnavailable, outageProblem } from "../vault/outage";

// Signing secrets as Standard Webhooks writes them: "whsec_" and 24 to 64 random bytes in base64.
// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
const PREFIX = "whsec_";
const SECRET_BYTES = 32;

const envelope = z.strictObject({ v: z.literal(1), webhook_id: z.string(), secret: z.string() });

/** Makes a signing secret. */
export const newSigningSecret = () => PREFIX + randomBytes(SECRET_BYTES).toString("base64");

/**
 * Encrypts a signing secret together with the webhook that it belongs to.
 *
 * @throws Problem vault_unavailable if the backend of `encrypt` is out of reach
 */
export function sealSigningSecret(webhookId: string, secret: string): Promise<string> {
  return orUnavailable(encrypt(JSON.stringify({ v: 1, webhook_id: webhookId, secret })));
}

/**
 * Opens what {@link sealSigningSecret} made for exactly this webhook.
 *
 * @returns null if it cannot be decrypted, or was made for another webhook
 * @throws Problem vault_unavailable if the backend of `decrypt` is out of reach
 */
export async function openSigningSecret(webhookId: string, ciphertext: string): Promise<string | null> {
  try {
    const sealed = envelope.parse(JSON.parse(await decrypt(ciphertext)));
    return sealed.webhook_id === webhookId ? sealed.secret : null;
  } catch (error) {
    const outage = outageProblem(error);
    if (outage) throw outage;
    return null;
  }
}
