import { createDecipheriv } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";

// Answers that others have worked out, for lib/vault/crypto.ts and for the cipher below it. Our form has no additional
// authenticated data (AAD), so that decrypt() has to refuse a vector with AAD, although it is a valid one.

const vectors = readFileSync("tests/unit/wycheproof-aes-256-gcm.txt", "utf8")
  .trimEnd()
  .split("\n")
  .filter((line) => !line.startsWith("#"))
  .map((line) => {
    const [id = "", result, key = "", ...rest] = line.split(" ");
    const [iv, aad, msg, ct, tag] = rest.map((field) => Buffer.from(field === "-" ? "" : field, "hex"));
    if (!iv || !aad || !msg || !ct || !tag) throw new Error(`Vector ${id} is incomplete.`);
    return { id, isValid: result === "valid", key, iv, aad, msg, ct, tag };
  });
type Vector = (typeof vectors)[number];

/** What decrypt() gives, in a process with the vector's key; null where it refuses. */
async function decrypted({ key, iv, ct, tag }: Vector): Promise<string | null> {
  vi.resetModules();
  vi.stubEnv("VAULT_MASTER_KEY", key);
  const { decrypt } = await import("../../lib/vault/crypto.ts");
  return decrypt(`v1.${Buffer.concat([iv, ct, tag]).toString("base64url")}`).catch((error: Error) => {
    expect(error.message).toBe("The ciphertext cannot be decrypted.");
    return null;
  });
}

describe("Wycheproof's AES-256-GCM with a 96-bit IV and a 128-bit tag", () => {
  it("is 66 vectors: 21 valid ones without AAD, 18 valid ones with it, 27 with a wrong tag", () => {
    expect(vectors).toHaveLength(66);
    expect(new Set(vectors.map(({ id }) => id)).size).toBe(66);
    const count = (is: (vector: Vector) => boolean) => vectors.filter(is).length;
    expect(count(({ isValid, aad }) => isValid && aad.length === 0)).toBe(21);
    expect(count(({ isValid, aad }) => isValid && aad.length > 0)).toBe(18);
    expect(count(({ isValid }) => !isValid)).toBe(27);
  });

  // The texts are compared: of the 21, 19 are no UTF-8, and decrypt() gives their bytes as U+FFFD. See the next test.
  it("decrypt() opens the 21, each as its text, and refuses the other 45", async () => {
    for (const vector of vectors) {
      const opens = vector.isValid && vector.aad.length === 0;
      expect(await decrypted(vector), vector.id).toBe(opens ? vector.msg.toString() : null);
    }
  });

  it("Node's cipher with our parameters opens all 39 valid ones, byte for byte, and refuses the 27", () => {
    for (const { id, isValid, key, iv, aad, msg, ct, tag } of vectors) {
      const decipher = createDecipheriv("aes-256-gcm", Buffer.from(key, "hex"), iv, { authTagLength: 16 });
      decipher.setAAD(aad).setAuthTag(tag);
      const plaintext = decipher.update(ct);
      if (!isValid) expect(() => decipher.final(), id).toThrow();
      else expect(Buffer.concat([plaintext, decipher.final()]), id).toEqual(msg);
    }
  });
});
