import { createCipheriv, randomBytes } from "node:crypto";
import { TEST_MASTER_KEY } from "../support/keys.ts";

/** What lib/vault/crypto.ts wrote before it was replaced: the form v1. */
export function encryptedBefore(plaintext: string, masterKey = TEST_MASTER_KEY): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", Buffer.from(masterKey, "hex"), iv);
  const body = [iv, cipher.update(plaintext, "utf8"), cipher.final(), cipher.getAuthTag()];
  return `v1.${Buffer.concat(body).toString("base64url")}`;
}
