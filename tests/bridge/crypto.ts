import { createDecipheriv } from "node:crypto";

// The reference for the swap: encrypt() and decrypt() over HTTP, where the key stays with a remote backend. Text:
// "m1." + whatever the backend returned. `npm run test:swap` puts this file in the place of lib/vault/crypto.ts.
const VERSION = "m1.";
/** For the whole of a call, waiting for its turn included: the page asks for an end within 5 seconds. */
const CALL_MS = 4_500;
const ATTEMPT_MS = 2_000;
const MAX_REPLY_CHARACTERS = 262_144;
/** An import encrypts 200 values at once; the backend is asked for so many at a time. */
const MAX_PARALLEL = 16;

/** The backend did not answer, or not as agreed. See docs/masteryos-bridge.md. */
class BackendUnavailable extends Error {
  readonly code = "vault_backend_unavailable";
}

/** Those that have no turn yet, the first one first. */
const waiting = new Set<() => void>();
let running = 0;

/** Waits for one of the turns, which {@link endTurn} gives back. Rejects once the call's time is over. */
async function takeTurn(deadline: AbortSignal): Promise<void> {
  if (running < MAX_PARALLEL) {
    running += 1;
    return;
  }
  await new Promise<void>((resolve, reject) => {
    waiting.add(resolve);
    deadline.addEventListener("abort", () => {
      waiting.delete(resolve);
      reject(deadline.reason);
    });
  });
}

/** Hands the turn on. */
function endTurn(): void {
  const [next] = waiting;
  if (!next) running -= 1;
  else {
    waiting.delete(next);
    next();
  }
}

/** Asks the backend once. */
async function ask(
  operation: "encrypt" | "decrypt",
  text: string,
  deadline: AbortSignal,
): Promise<string | null> {
  const { VAULT_BACKEND_URL: url, VAULT_BACKEND_TOKEN: token } = process.env;
  const reply = await fetch(`${url}/v1/${operation}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
    body: JSON.stringify({ text }),
    redirect: "error",
    cache: "no-store",
    signal: AbortSignal.any([deadline, AbortSignal.timeout(ATTEMPT_MS)]),
  });
  if (operation === "decrypt" && reply.status === 422) return null;
  if (!reply.ok) throw new Error(`status ${reply.status}`);
  const body: unknown = JSON.parse(await limited(reply));
  if (typeof body === "object" && body && "text" in body && typeof body.text === "string") return body.text;
  throw new Error("not as agreed");
}

/** With one retry, because both operations can be repeated without harm. */
async function call(operation: "encrypt" | "decrypt", text: string): Promise<string | null> {
  const { VAULT_BACKEND_URL: url, VAULT_BACKEND_TOKEN: token } = process.env;
  if (!url || !token) throw new BackendUnavailable("VAULT_BACKEND_URL or VAULT_BACKEND_TOKEN is missing.");
  const deadline = AbortSignal.timeout(CALL_MS);
  try {
    await takeTurn(deadline);
    try {
      return await ask(operation, text, deadline).catch(() => ask(operation, text, deadline));
    } finally {
      endTurn();
    }
  } catch {
    // Without the cause: a parser's message quotes what it was given.
    throw new BackendUnavailable("The vault's backend did not answer as agreed.");
  }
}

/** The reply's text. One that is too large is not read to its end. */
async function limited({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MAX_REPLY_CHARACTERS) throw new Error("too large");
  }
  return text + decoder.decode();
}

/** Encrypts text with the backend's key. Two calls with the same text give different ciphertexts. */
export async function encrypt(plaintext: string): Promise<string> {
  if (!plaintext.isWellFormed()) throw new TypeError("The text is not well-formed Unicode.");
  const ciphertext = await call("encrypt", plaintext);
  if (ciphertext === null) throw new BackendUnavailable("The vault's backend did not answer as agreed.");
  return VERSION + ciphertext;
}

/** Decrypts what encrypt() returned, and what was encrypted before the swap with the key that was used then. */
export async function decrypt(ciphertext: string): Promise<string> {
  if (ciphertext.startsWith("v1.")) return decryptV1(ciphertext);
  const plaintext = ciphertext.startsWith(VERSION)
    ? await call("decrypt", ciphertext.slice(VERSION.length))
    : null;
  if (plaintext === null) throw new Error("The ciphertext cannot be decrypted.");
  return plaintext;
}

/** What lib/vault/crypto.ts wrote before the swap: "v1." + base64url(IV || ciphertext || tag), AES-256-GCM. */
function decryptV1(ciphertext: string): string {
  const masterKey = process.env.VAULT_MASTER_KEY ?? "";
  // Not the ciphertext's fault: nobody has to enter the value again because of it.
  if (!/^[0-9a-fA-F]{64}$/.test(masterKey)) {
    throw new BackendUnavailable(
      "VAULT_MASTER_KEY, for what was stored before the swap, is missing or malformed.",
    );
  }
  try {
    const body = ciphertext.slice(3);
    const bytes = Buffer.from(body, "base64url");
    if (bytes.toString("base64url") !== body || bytes.length < 28) throw new Error("malformed");
    const key = Buffer.from(masterKey, "hex");
    const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12), { authTagLength: 16 });
    decipher.setAuthTag(bytes.subarray(-16));
    return decipher.update(bytes.subarray(12, -16), undefined, "utf8") + decipher.final("utf8");
  } catch {
    throw new Error("The ciphertext cannot be decrypted.");
  }
}
