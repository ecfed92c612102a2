import { createCipheriv, createDecipheriv, createHash, createSecretKey, randomBytes } from "node:crypto";
import { TEST_MASTER_KEY } from "../../tests/support/keys.ts";

type Awaitable<Result> = Result | Promise<Result>;

/** Something that keeps a text as another text. */
export interface Cipher {
  name: string;
  algorithm: string;
  /** Whether it is AES that notices a change; what only encrypts, or uses another cipher, is shown and not compared. */
  isAuthenticatedAes: boolean;
  encrypt: (text: string) => Awaitable<string>;
  decrypt: (sealed: string) => Awaitable<string>;
}

const KEY = Buffer.from(TEST_MASTER_KEY, "hex");
const GCM = "aes-256-gcm";
const utf8 = new TextEncoder();
const text = new TextDecoder();

/** Imports a package that is installed in this folder only, so that the project's own types do without it. */
const installed = (name: string) => import(name);

const split = (sealed: string, by: string) => sealed.split(by) as [string, string, string];
const base64url = (...parts: Uint8Array[]) => Buffer.concat(parts).toString("base64url");

const keyObject = createSecretKey(KEY);

/** What Node can do: a key that is kept, a draw for each IV, one text. Nothing is checked that the cipher does not. */
export const limit: Cipher = {
  name: "the plain limit of Node's crypto",
  algorithm: "AES-256-GCM",
  isAuthenticatedAes: true,
  encrypt(plain) {
    const iv = randomBytes(12);
    const cipher = createCipheriv(GCM, keyObject, iv);
    return base64url(iv, cipher.update(plain, "utf8"), cipher.final(), cipher.getAuthTag());
  },
  decrypt(sealed) {
    const bytes = Buffer.from(sealed, "base64url");
    const decipher = createDecipheriv(GCM, keyObject, bytes.subarray(0, 12), { authTagLength: 16 });
    decipher.setAuthTag(bytes.subarray(-16));
    return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString("utf8");
  },
};

async function webCrypto(): Promise<Cipher> {
  const key = await crypto.subtle.importKey("raw", KEY, "AES-GCM", false, ["encrypt", "decrypt"]);
  return {
    name: "WebCrypto",
    algorithm: "AES-256-GCM",
    isAuthenticatedAes: true,
    async encrypt(plain) {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, utf8.encode(plain));
      return base64url(iv, new Uint8Array(sealed));
    },
    async decrypt(sealed) {
      const bytes = Buffer.from(sealed, "base64url");
      const iv = bytes.subarray(0, 12);
      return text.decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, bytes.subarray(12)));
    },
  };
}

async function jose(): Promise<Cipher> {
  const { CompactEncrypt, compactDecrypt } = await installed("jose");
  const key = await crypto.subtle.importKey("raw", KEY, "AES-GCM", false, ["encrypt", "decrypt"]);
  return {
    name: "jose",
    algorithm: "JWE, dir, A256GCM",
    isAuthenticatedAes: true,
    encrypt: (plain) =>
      new CompactEncrypt(utf8.encode(plain)).setProtectedHeader({ alg: "dir", enc: "A256GCM" }).encrypt(key),
    decrypt: async (sealed) => text.decode((await compactDecrypt(sealed, key)).plaintext),
  };
}

async function cloak(): Promise<Cipher> {
  const { decryptString, encryptString, parseKey } = await installed("@47ng/cloak");
  const name = `k1.aesgcm256.${KEY.toString("base64url")}=`;
  const [forEncrypting, forDecrypting] = [await parseKey(name, "encrypt"), await parseKey(name, "decrypt")];
  return {
    name: "@47ng/cloak",
    algorithm: "AES-256-GCM",
    isAuthenticatedAes: true,
    encrypt: (plain) => encryptString(plain, forEncrypting),
    decrypt: (sealed) => decryptString(sealed, forDecrypting),
  };
}

async function iron(): Promise<Cipher> {
  const { defaults, seal, unseal } = await installed("@hapi/iron");
  return {
    name: "@hapi/iron",
    algorithm: "AES-256-CBC and HMAC-SHA-256, two keys derived for each",
    isAuthenticatedAes: true,
    encrypt: (plain) => seal(plain, TEST_MASTER_KEY, defaults),
    decrypt: (sealed) => unseal(sealed, TEST_MASTER_KEY, defaults),
  };
}

async function noble(): Promise<Cipher> {
  const { gcm } = await installed("@noble/ciphers/aes.js");
  return {
    name: "@noble/ciphers",
    algorithm: "AES-256-GCM, in JavaScript",
    isAuthenticatedAes: true,
    encrypt(plain) {
      const iv = randomBytes(12);
      return base64url(iv, gcm(KEY, iv).encrypt(utf8.encode(plain)));
    },
    decrypt(sealed) {
      const bytes = Buffer.from(sealed, "base64url");
      return text.decode(gcm(KEY, bytes.subarray(0, 12)).decrypt(bytes.subarray(12)));
    },
  };
}

async function libsodium(): Promise<Cipher> {
  const { default: sodium } = await installed("libsodium-wrappers");
  await sodium.ready;
  return {
    name: "libsodium-wrappers",
    algorithm: "XSalsa20-Poly1305, in WebAssembly",
    isAuthenticatedAes: false,
    encrypt(plain) {
      const nonce = sodium.randombytes_buf(sodium.crypto_secretbox_NONCEBYTES);
      return base64url(nonce, sodium.crypto_secretbox_easy(plain, nonce, KEY));
    },
    decrypt(sealed) {
      const bytes = Buffer.from(sealed, "base64url");
      const nonce = bytes.subarray(0, sodium.crypto_secretbox_NONCEBYTES);
      return sodium.crypto_secretbox_open_easy(bytes.subarray(nonce.length), nonce, KEY, "text");
    },
  };
}

// The four that follow are algorithms of products, not their code: written anew from what their sources do.

// https://github.com/Infisical/infisical, backend/src/lib/crypto/cipher. (An older function of theirs hands the key over
// as a text, which Node 24 takes as fast as a KeyObject: it is at the limit.)
const infisical: Cipher = {
  name: "as Infisical",
  algorithm: "AES-256-GCM",
  isAuthenticatedAes: true,
  encrypt(plain) {
    const iv = randomBytes(12);
    const cipher = createCipheriv(GCM, KEY, iv);
    const body = cipher.update(Buffer.from(plain));
    return Buffer.concat([iv, body, cipher.final(), cipher.getAuthTag()]).toString("base64");
  },
  decrypt(sealed) {
    const bytes = Buffer.from(sealed, "base64");
    const decipher = createDecipheriv(GCM, KEY, bytes.subarray(0, 12));
    decipher.setAuthTag(bytes.subarray(-16));
    return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString("utf8");
  },
};

// https://github.com/langfuse/langfuse, packages/shared/src/encryption: the key is read from hexadecimal each time.
const langfuse: Cipher = {
  name: "as Langfuse",
  algorithm: "AES-256-GCM, hexadecimal",
  isAuthenticatedAes: true,
  encrypt(plain) {
    const iv = randomBytes(12);
    const cipher = createCipheriv(GCM, new Uint8Array(Buffer.from(TEST_MASTER_KEY, "hex")), iv);
    const body = cipher.update(plain, "utf8", "hex") + cipher.final("hex");
    return `${iv.toString("hex")}:${body}:${cipher.getAuthTag().toString("hex")}`;
  },
  decrypt(sealed) {
    const [iv, body, tag] = split(sealed, ":").map((part) => Buffer.from(part, "hex")) as [
      Buffer,
      Buffer,
      Buffer,
    ];
    const decipher = createDecipheriv(GCM, new Uint8Array(Buffer.from(TEST_MASTER_KEY, "hex")), iv);
    decipher.setAuthTag(tag);
    return decipher.update(body, undefined, "utf8") + decipher.final("utf8");
  },
};

// https://github.com/calcom/cal.com, packages/lib/crypto.ts: nothing notices a change.
const CALCOM_KEY = TEST_MASTER_KEY.slice(0, 32);
const calcom: Cipher = {
  name: "as Cal.com",
  algorithm: "AES-256-CBC, hexadecimal",
  isAuthenticatedAes: false,
  encrypt(plain) {
    const iv = randomBytes(16);
    const cipher = createCipheriv("aes256", Buffer.from(CALCOM_KEY, "latin1"), iv);
    return `${iv.toString("hex")}:${cipher.update(plain, "utf8", "hex")}${cipher.final("hex")}`;
  },
  decrypt(sealed) {
    const [iv, body] = split(sealed, ":");
    const key = Buffer.from(CALCOM_KEY, "latin1");
    const decipher = createDecipheriv("aes256", key, Buffer.from(iv, "hex"));
    return decipher.update(body, "hex", "utf8") + decipher.final("utf8");
  },
};

// https://github.com/n8n-io/n8n, packages/core/src/encryption: OpenSSL's derivation with MD5; nothing notices a change.
function n8nKeyAndIv(salt: Buffer): [key: Buffer, iv: Buffer] {
  const password = Buffer.concat([Buffer.from(TEST_MASTER_KEY, "binary"), salt]);
  const md5 = (...parts: Buffer[]) => createHash("md5").update(Buffer.concat(parts)).digest();
  const first = md5(password);
  const second = md5(first, password);
  return [Buffer.concat([first, second]), md5(second, password)];
}
const n8n: Cipher = {
  name: "as n8n",
  algorithm: "AES-256-CBC, a key derived for each",
  isAuthenticatedAes: false,
  encrypt(plain) {
    const salt = randomBytes(8);
    const cipher = createCipheriv("aes-256-cbc", ...n8nKeyAndIv(salt));
    return Buffer.concat([Buffer.from("Salted__"), salt, cipher.update(plain), cipher.final()]).toString(
      "base64",
    );
  },
  decrypt(sealed) {
    const bytes = Buffer.from(sealed, "base64");
    const decipher = createDecipheriv("aes-256-cbc", ...n8nKeyAndIv(bytes.subarray(8, 16)));
    return Buffer.concat([decipher.update(bytes.subarray(16)), decipher.final()]).toString("utf8");
  },
};

/** What else one could use, each as its documents say. */
export async function peers(): Promise<Cipher[]> {
  const libraries = await Promise.all([webCrypto(), jose(), cloak(), iron(), noble(), libsodium()]);
  return [...libraries, infisical, langfuse, calcom, n8n];
}
