import { vaultProblem } from "../errors";
import { settings } from "../host";

/**
 * Refuses a request that a foreign page made the browser send along with its session cookie. Browsers set
 * `Sec-Fetch-Site` themselves; `Origin` is the fallback for old ones and is compared with the configured
 * origin, never with `Host`, which the client chooses. A client that sends neither is no tricked browser.
 *
 * @throws Problem cross_origin
 */
export function requireSameOrigin(request: Request): void {
  const site = request.headers.get("sec-fetch-site");
  if (site !== null) {
    if (site === "same-origin") return;
    throw vaultProblem("cross_origin");
  }
  const origin = request.headers.get("origin");
  if (origin !== null && origin !== settings().siteOrigin) throw vaultProblem("cross_origin");
}

const BODY_TIMEOUT_MS = 15_000;
const JSON_TYPE = /^application\/json(\s*;\s*charset="?utf-8"?)?$/i;

/**
 * Reads a JSON body, which Next by itself would accept with any content type and of any size.
 *
 * @param limit bytes; reading stops there
 * @param type the content types that are taken
 * @throws Problem unsupported_media_type, payload_too_large, request_timeout or invalid_request
 */
export async function readJson(request: Request, limit: number, type = JSON_TYPE): Promise<unknown> {
  const contentType = request.headers.get("content-type") ?? "";
  const encoding = request.headers.get("content-encoding") ?? "identity";
  if (!type.test(contentType) || encoding !== "identity") {
    throw vaultProblem("unsupported_media_type");
  }
  const tooLarge = () => vaultProblem("payload_too_large", { detail: `The body is over ${limit} bytes.` });
  if (Number(request.headers.get("content-length") ?? 0) > limit) throw tooLarge();
  const body = await readAll(request.body, limit, tooLarge);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    // The parser's own message quotes the body, which may hold a value.
    throw vaultProblem("invalid_request", { detail: "The body is not valid JSON in UTF-8." });
  }
}

/** The client left, or what it sent is no HTTP: no fault of the server's, and nothing for its log. */
function brokeOff(): never {
  throw vaultProblem("invalid_request", { detail: "The body did not arrive completely." });
}

/** Within a time: who is asking was found out before, and a request held open is not to outlive a sign-out. */
async function readAll(
  body: ReadableStream<Uint8Array> | null,
  limit: number,
  tooLarge: () => Error,
): Promise<Buffer> {
  const reader = body?.getReader();
  const isLate = { done: true, value: undefined, late: true } as const;
  const { promise: late, resolve } = Promise.withResolvers<typeof isLate>();
  const timer = setTimeout(() => resolve(isLate), BODY_TIMEOUT_MS);
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    while (reader) {
      const next = await Promise.race([reader.read().catch(brokeOff), late]);
      if ("late" in next) throw vaultProblem("request_timeout");
      if (next.done) break;
      size += next.value.byteLength;
      if (size > limit) throw tooLarge();
      chunks.push(next.value);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    void reader?.cancel().catch(() => {});
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The query as an object, for a strict schema to check.
 *
 * @throws Problem invalid_request if a parameter stands there twice
 */
export function readQuery(request: Request): Record<string, string> {
  const query: Record<string, string> = Object.create(null);
  for (const [name, value] of new URL(request.url).searchParams) {
    if (name in query) throw vaultProblem("invalid_request", { detail: "A parameter is given twice." });
    query[name] = value;
  }
  return query;
}
