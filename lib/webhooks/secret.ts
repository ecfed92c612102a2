import { randomBytes } from "node:crypto";
import { open, seal } from "./envelope";

// Signing secrets as Standard Webhooks writes them: "whsec_" and 24 to 64 random bytes in base64.
// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
const PREFIX = "whsec_";
const SECRET_BYTES = 32;

/** Makes a signing secret. */
export const newSigningSecret = () => PREFIX + randomBytes(SECRET_BYTES).toString("base64");

/** Seals a signing secret, as {@link seal} does. */
export const sealSigningSecret = (webhookId: string, secret: string): Promise<string> =>
  seal(webhookId, "secret", secret);

/** Opens what {@link sealSigningSecret} made, as {@link open} does. */
export const openSigningSecret = (webhookId: string, ciphertext: string): Promise<string | null> =>
  open(webhookId, "secret", ciphertext);
