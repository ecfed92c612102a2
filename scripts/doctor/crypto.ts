interface Crypto {
  encrypt: (plaintext: string) => Promise<string>;
  decrypt: (ciphertext: string) => Promise<string>;
}

/**
 * The vault's encryption, whose errors may be printed: those with a code are of a server that was put in its place, which
 * may be quoted in them.
 */
export async function loadCrypto(): Promise<Crypto> {
  const { encrypt, decrypt } = await import("../../lib/vault/crypto.ts");
  return {
    encrypt: (plaintext) => encrypt(plaintext).catch(withhold),
    decrypt: (ciphertext) => decrypt(ciphertext).catch(withhold),
  };
}

/** With the code, which says that this is no verdict on the key: lib/vault/key-check.ts. */
function withhold(error: unknown): never {
  const { code } = Object(error);
  if (code === undefined) throw error;
  const message = "The vault's encryption can't be reached. Check its settings and its server.";
  throw Object.assign(new Error(message), { code });
}
