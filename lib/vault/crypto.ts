import type { KeyObject } from "node:crypto";
import { createCipheriv, createDecipheriv, createSecretKey, randomFillSync } from "node:crypto";

// AES-256-GCM, NIST SP 800-38D: 96-bit IV, 128-bit tag. Text: "v1." + base64url(IV || ciphertext || tag).
const ALGORITHM = "aes-256-gcm";
const VERSION = "v1.";
const IV_BYTES = 12;
const TAG_BYTES = 16;
// Without it, Node decrypts under a tag as short as 4 bytes. What it encrypts has a tag of 16 bytes by default.
const LONE_SURROGATE = /\p{Cs}/u;
const OPTIONS = { authTagLength: TAG_BYTES };

let masterKey: KeyObject | undefined;

/** Kept as a KeyObject: handing Node the bytes at every call costs five times as much. */
function getMasterKey(): KeyObject {
  if (masterKey) return masterKey;
  const { VAULT_MASTER_KEY: hex = "" } = process.env;
  // Checked here because Buffer.from(…, "hex") would quietly drop whatever is not hexadecimal.
  if (!/^[0-9a-fA-F]{64}$/.test(hex)) {
    throw new Error(
      `VAULT_MASTER_KEY is ${hex ? "not 64 hexadecimal characters" : "missing"}. Set it in .env.local or in your host's environment. To generate one: node -p "crypto.randomBytes(32).toString('hex')"`,
    );
  }
  masterKey = createSecretKey(hex, "hex");
  return masterKey;
}

/**
 * Encrypts text with the master key. Two calls with the same text give different ciphertexts.
 *
 * @param plaintext any well-formed Unicode text
 * @returns opaque text, URL-safe
 * @throws TypeError if the text holds a lone surrogate, which UTF-8 would silently replace
 * @throws Error if VAULT_MASTER_KEY is missing or malformed
 * @example const ciphertext = await encrypt("sk-ant-example");
 */
export async function encrypt(plaintext: string): Promise<string> {
  if (LONE_SURROGATE.test(plaintext)) throw new TypeError("The text is not well-formed Unicode.");
  // Drawn for this call: bytes kept for later repeat where a process is resumed twice from one snapshot.
  const iv = randomFillSync(Buffer.allocUnsafe(IV_BYTES));
  const cipher = createCipheriv(ALGORITHM, getMasterKey(), iv);
  const body = [iv, cipher.update(plaintext, "utf8"), cipher.final(), cipher.getAuthTag()];
  return VERSION + Buffer.concat(body).toString("base64url");
}

/**
 * Decrypts what {@link encrypt} returned.
 *
 * @throws Error always the same one for a text of another version, damaged, forged or of another key
 * @throws Error if VAULT_MASTER_KEY is missing or malformed
 */
export async function decrypt(ciphertext: string): Promise<string> {
  const key = getMasterKey();
  try {
    const bytes = Buffer.from(ciphertext.slice(VERSION.length), "base64url");
    // Comparing with the text encoded again refuses padding, foreign characters and loose bits.
    const isCanonical = ciphertext === VERSION + bytes.toString("base64url");
    if (!isCanonical || bytes.length < IV_BYTES + TAG_BYTES) throw new Error("malformed");
    const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV_BYTES), OPTIONS);
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const plaintext = decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES));
    decipher.final(); // In GCM it has no text of its own, and throws unless the tag is right.
    return plaintext.toString();
  } catch {
    throw new Error("The ciphertext cannot be decrypted.");
  }
}
