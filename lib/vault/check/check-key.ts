import "server-only";
import { HEADER_VALUE } from "../rules";
import { type Learned, learnedFrom } from "./facts";
import type { Provider } from "./provider";
import { PROVIDERS } from "./providers";
import { type Answer, judge, type Verdict } from "./verdict";

/** For asking and reading together; a person waits for it. */
const TIMEOUT_MS = 5_000;
/** More than any error or balance takes; nothing is read of the lists that some providers answer with. */
const MAX_BODY_BYTES = 8 * 1024;

/** What is known about a key after asking its provider. */
export interface KeyCheck extends Learned {
  /** `refused` only where the provider itself says so; `unreachable` for all that leaves it open. */
  result: "works" | "refused" | "no_credit" | "unreachable";
  /** For a person: what is known, and what to do next. */
  detail: string;
}

interface CheckOptions {
  /** Asks the provider; tests send it elsewhere. */
  fetch?: typeof globalThis.fetch;
  /** Milliseconds for everything. */
  timeout?: number;
}

type Outcome = Verdict | "unsendable" | "unreachable" | "slow";

/** What one request has brought. */
interface Asked extends Partial<Learned> {
  verdict: Verdict;
}

// `unreachable` is the result of everything that leaves the question open: what matters to a person is that
// the key may be good. What follows the finding is what to do next.
const MEANING: Record<Outcome, [KeyCheck["result"], string]> = {
  works: ["works", "{name} accepts this key."],
  restricted: ["works", "{name} accepts this key, but only for some of its functions."],
  refused: ["refused", "{name} rejects this key. Replace it."],
  unsendable: ["refused", "This isn't a key from {name}: it contains characters that no key has."],
  no_credit: [
    "no_credit",
    "{name} recognizes this key, but there's no credit left for it. Add credit at {name}.",
  ],
  wrong_or_place: [
    "unreachable",
    "{name} doesn't accept this key from this server: it's wrong, or restricted to other addresses. Check both at {name}.",
  ],
  place: [
    "unreachable",
    "{name} doesn't accept requests from this server's network or region, so this key couldn't be checked. Try it where you use it.",
  ],
  region: [
    "unreachable",
    "{name} serves this key only at another region's address. Use that address, and try the key there.",
  ],
  settings: [
    "unreachable",
    "{name} recognizes this key, but its restrictions or its account don't allow this request. Check both at {name}.",
  ],
  busy: [
    "unreachable",
    "{name} is limiting requests right now, so this key couldn't be checked. Try again in a few minutes.",
  ],
  down: [
    "unreachable",
    "{name} is having problems right now, so this key couldn't be checked. Try again later.",
  ],
  unclear: [
    "unreachable",
    "{name} responded, but didn't say whether it accepts this key. Try again later, or check the key at {name}.",
  ],
  unreachable: ["unreachable", "{name} can't be reached, so this key couldn't be checked. Try again later."],
  slow: ["unreachable", "{name} didn't respond in time, so this key couldn't be checked. Try again later."],
};

/**
 * Asks a provider whether it accepts a key, with one documented request that costs nothing and changes nothing.
 * Never throws for what the provider does, and keeps the errors of `fetch` to itself, which may quote the key.
 *
 * @param key one that `isCheckable`
 * @param value the plaintext; it goes to the provider's own address and nowhere else
 * @throws TypeError if no provider is known for the key
 *
 * @example
 * await checkKey("DEEPSEEK_API_KEY", value);
 * // { result: "works", detail: "DeepSeek accepts this key.", facts: { credit: "$12.34 left" }, expiresAt: null }
 */
export async function checkKey(key: string, value: string, options: CheckOptions = {}): Promise<KeyCheck> {
  const provider = PROVIDERS.find((known) => known.key === key);
  if (!provider) throw new TypeError("No provider is known for this key.");
  // Before it becomes a header: the error about a header that is none would quote it.
  if (!HEADER_VALUE.test(value)) return explain("unsendable", provider);

  const { fetch = globalThis.fetch, timeout = TIMEOUT_MS } = options;
  const signal = AbortSignal.timeout(timeout);
  const ask = (url: string) => askAt(url, provider, value, signal, fetch);
  try {
    const url = typeof provider.url === "string" ? provider.url : provider.url();
    const asked = await ask(url);
    const { elsewhere } = provider;
    const last = asked.verdict === "refused" && elsewhere ? await ask(elsewhere) : asked;
    return explain(last.verdict, provider, last);
  } catch {
    return explain(signal.aborted ? "slow" : "unreachable", provider);
  }
}

function explain(outcome: Outcome, { name }: Provider, learned: Partial<Learned> = {}): KeyCheck {
  const [result, sentence] = MEANING[outcome];
  const { facts = {}, expiresAt = null } = learned;
  return { result, detail: sentence.replaceAll("{name}", name), facts, expiresAt };
}

async function askAt(
  url: string,
  provider: Provider,
  value: string,
  signal: AbortSignal,
  fetch: typeof globalThis.fetch,
): Promise<Asked> {
  const response = await fetch(url, {
    method: provider.method ?? "GET",
    // GitHub, Resend and Netlify answer nobody without a name.
    headers: { Accept: "application/json", "User-Agent": "command-center", ...provider.headers(value) },
    // A key follows no redirect to an address that nobody chose.
    redirect: "error",
    cache: "no-store",
    signal,
  });
  try {
    let read: Promise<unknown> | undefined;
    const answer: Answer = {
      status: response.status,
      headers: response.headers,
      body: () => {
        read ??= readJson(response);
        return read;
      },
    };
    // A success that is no JSON is not the API's.
    if (response.ok && !/\bjson\b/i.test(response.headers.get("content-type") ?? ""))
      return { verdict: "unclear" };
    const judged = await judge(answer, provider);
    const verdict = (await provider.refine?.(judged, answer, value)) ?? judged;
    return { verdict, ...(response.ok && (await learn(provider, answer, value))) };
  } finally {
    // Ends the connection where a body was not read. One that was read is closed, and refuses this.
    await response.body?.cancel().catch(() => {});
  }
}

/** What else a success says. The verdict is known by then, and nothing here may change it. */
async function learn(provider: Provider, answer: Answer, value: string): Promise<Partial<Learned>> {
  try {
    return provider.learn ? learnedFrom(await provider.learn(answer), value) : {};
  } catch {
    // A body that came too late, or broke off.
    return {};
  }
}

/** @returns undefined if the body is no JSON or longer than the limit, where reading stops */
async function readJson(response: Response): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Without `for await`, for which the tsconfig of other apps has no types.
  const reader = response.body?.getReader();
  try {
    for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
      size += next.value.byteLength;
      if (size > MAX_BODY_BYTES) return undefined;
      chunks.push(next.value);
    }
  } finally {
    reader?.releaseLock();
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    return undefined;
  }
}
