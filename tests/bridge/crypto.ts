import { createDecipheriv } from "node:crypto";

// The reference for the swap: encrypt() and decrypt() over HTTP, where the key stays with a remote backend. Text:
// "m1." + whatever the backend returned. `npm run test:swap` puts this file in the place of lib/vault/crypto.ts.
const VERSION = "m1.";
const TIMEOUT_MS = 2_000;
const MAX_REPLY_CHARACTERS = 262_144;
/** An import encrypts 200 values at once; the backend is asked for so many at a time. */
const MAX_PARALLEL = 16;

/** The backend did not answer, or not as agreed. See docs/masteryos-bridge.md. */
class BackendUnavailable extends Error {
  readonly code = "vault_backend_unavailable";
}

const waiting: (() => void)[] = [];
let running = 0;

async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  if (running >= MAX_PARALLEL) await new Promise<void>((resolve) => waiting.push(resolve));
  else running += 1;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

async function ask(operation: "encrypt" | "decrypt", text: string): Promise<Response> {
  const { VAULT_BACKEND_URL: url, VAULT_BACKEND_TOKEN: token } = process.env;
  if (!url || !token) throw new BackendUnavailable("VAULT_BACKEND_URL or VAULT_BACKEND_TOKEN is missing.");
  return fetch(`${url}/v1/${operation}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
    body: JSON.stringify({ text }),
    redirect: "error",
    cache: "no-store",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
}

/** One retry, because both operations can be repeated without harm. */
async function call(operation: "encrypt" | "decrypt", text: string): Promise<string | null> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const reply = await ask(operation, text);
      if (operation === "decrypt" && reply.status === 422) return null;
      if (!reply.ok) throw new Error(`status ${reply.status}`);
      const body: unknown = JSON.parse(await limited(reply));
      if (typeof body === "object" && body && "text" in body && typeof body.text === "string")
        return body.text;
      throw new Error("not as agreed");
    } catch {
      // Without the cause: a parser's message quotes what it was given.
      if (attempt === 2) throw new BackendUnavailable("The vault's backend did not answer as agreed.");
    }
  }
}

async function limited(reply: Response): Promise<string> {
  const text = await reply.text();
  if (text.length > MAX_REPLY_CHARACTERS) throw new Error("too large");
  return text;
}

/** Encrypts text with the backend's key. Two calls with the same text give different ciphertexts. */
export async function encrypt(plaintext: string): Promise<string> {
  if (!plaintext.isWellFormed()) throw new TypeError("The text is not well-formed Unicode.");
  const ciphertext = await inTurn(() => call("encrypt", plaintext));
  if (ciphertext === null) throw new BackendUnavailable("The vault's backend did not answer as agreed.");
  return VERSION + ciphertext;
}

/** Decrypts what encrypt() returned, and what was encrypted before the swap with the key that was used then. */
export async function decrypt(ciphertext: string): Promise<string> {
  if (ciphertext.startsWith("v1.")) return decryptV1(ciphertext);
  const plaintext = ciphertext.startsWith(VERSION)
    ? await inTurn(() => call("decrypt", ciphertext.slice(VERSION.length)))
    : null;
  if (plaintext === null) throw new Error("The ciphertext cannot be decrypted.");
  return plaintext;
}

/** What lib/vault/crypto.ts wrote before the swap: "v1." + base64url(IV || ciphertext || tag), AES-256-GCM. */
function decryptV1(ciphertext: string): string {
  try {
    const body = ciphertext.slice(3);
    const bytes = Buffer.from(body, "base64url");
    if (bytes.toString("base64url") !== body || bytes.length < 28) throw new Error("malformed");
    const key = Buffer.from(process.env.VAULT_MASTER_KEY ?? "", "hex");
    const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12), { authTagLength: 16 });
    decipher.setAuthTag(bytes.subarray(-16));
    return decipher.update(bytes.subarray(12, -16), undefined, "utf8") + decipher.final("utf8");
  } catch {
    throw new Error("The ciphertext cannot be decrypted.");
  }
}
