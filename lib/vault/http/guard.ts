import { vaultProblem } from "../errors";
import { settings } from "../host";
import { noteRequest } from "./request-context";

/**
 * Refuses a request that a foreign page made the browser send along with its session cookie. Browsers set
 * `Sec-Fetch-Site` themselves; `Origin` is the fallback for old ones and is compared with the configured
 * origin, never with `Host`, which the client chooses. A client that sends neither is no tricked browser.
 *
 * @throws Problem cross_origin
 */
export function requireSameOrigin(request: Request): void {
  noteRequest(request, settings);
  const site = request.headers.get("sec-fetch-site");
  if (site !== null) {
    if (site === "same-origin") return;
    throw vaultProblem("cross_origin");
  }
  const origin = request.headers.get("origin");
  if (origin !== null && origin !== settings().siteOrigin) throw vaultProblem("cross_origin");
}

const BODY_TIMEOUT_MS = 15_000;

/**
 * Waits for a JSON body, which Next by itself would accept with any content type and of any size.
 *
 * @param limit bytes; reading stops there
 * @param types media types that are taken
 * @returns a function that gives the body or throws what is wrong with it, so that who has sent it can be asked first
 * @throws Problem by that function: unsupported_media_type, payload_too_large, request_timeout or invalid_request
 */
export async function receiveJson(
  request: Request,
  limit: number,
  ...types: string[]
): Promise<() => unknown> {
  const read = await receiveBody(request, limit, ...types);
  return () => {
    const body = read();
    try {
      return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
    } catch {
      // The parser's own message quotes the body, which may hold a value.
      throw vaultProblem("invalid_request", { detail: "The body isn't valid JSON in UTF-8." });
    }
  };
}

/** {@link receiveJson} for a body in other forms, uncompressed and in UTF-8. */
export async function receiveBody(
  request: Request,
  limit: number,
  ...types: string[]
): Promise<() => Buffer> {
  const bytes = await readAll(request, limit).then(
    (body) => () => body,
    (error) => () => {
      throw error;
    },
  );
  return () => {
    const contentType = request.headers.get("content-type") ?? "";
    const encoding = request.headers.get("content-encoding") ?? "identity";
    const [, declared = ""] = /^([^\s;]+)(\s*;\s*charset="?utf-8"?)?$/i.exec(contentType) ?? [];
    if (!types.includes(declared.toLowerCase()) || encoding !== "identity") {
      throw vaultProblem("unsupported_media_type", { detail: `Send the body as ${types.join(" or ")}.` });
    }
    return bytes();
  };
}

/** The client left, or what it sent is no HTTP: no fault of the server's, and nothing for its log. */
function brokeOff(): never {
  throw vaultProblem("invalid_request", { detail: "The body didn't arrive completely." });
}

async function readAll({ headers, body }: Request, limit: number): Promise<Buffer> {
  const tooLarge = () =>
    vaultProblem("payload_too_large", {
      detail: `That's too long: a request here can have at most ${limit.toLocaleString("en-US")} bytes.`,
    });
  if (Number(headers.get("content-length") ?? 0) > limit) throw tooLarge();
  const reader = body?.getReader();
  const isLate = { done: true, value: undefined, late: true } as const;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<typeof isLate>((resolve) => {
    timer = setTimeout(resolve, BODY_TIMEOUT_MS, isLate);
  });
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
    if (name in query) throw vaultProblem("invalid_request", { detail: "A parameter was sent twice." });
    query[name] = value;
  }
  return query;
}
