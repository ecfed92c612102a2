/** What a server answered; `failed` says why it didn't. */
export interface Answer {
  /** The HTTP status; 0 without an answer. */
  status: number;
  headers: Headers;
  /** The body as JSON; undefined if it is none. */
  body: unknown;
  /** PostgREST's, PostgreSQL's, or Auth's code; empty if there is none. */
  code: string;
  /** Node's code of the failure, such as ECONNREFUSED; `TIMEOUT` after {@link PATIENCE_MS}. */
  failed?: string;
  /** Milliseconds since 1970, halfway between question and answer. */
  at: number;
}

export interface AskOptions {
  /** The API key to send. */
  key?: string | undefined;
  /** JSON to POST. Without it, the request is a GET. */
  post?: unknown;
  headers?: Record<string, string>;
}

/** As long as the app itself waits (lib/vault/http/bounded-fetch.ts). */
const PATIENCE_MS = 8_000;

/** Sends one request, follows no redirect, and doesn't throw. */
export async function ask(origin: string, path: string, options: AskOptions = {}): Promise<Answer> {
  const { key, post, headers } = options;
  const started = Date.now();
  const half = () => started + (Date.now() - started) / 2;
  try {
    const answer = await fetch(new URL(path, origin), {
      headers: {
        // auth-js and postgrest-js send both.
        ...(key && { apikey: key, Authorization: `Bearer ${key}` }),
        ...(post !== undefined && { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(post !== undefined && { method: "POST", body: JSON.stringify(post) }),
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const at = half();
    const body: unknown = await answer.json().catch(() => undefined);
    return { status: answer.status, headers: answer.headers, body, code: codeOf(body), at };
  } catch (error) {
    return {
      status: 0,
      headers: new Headers(),
      body: undefined,
      code: "",
      failed: failureOf(error),
      at: half(),
    };
  }
}

/** PostgREST has `code`; Auth has `error_code`, or in its newer form `code`, beside a number. */
function codeOf(body: unknown): string {
  const { error_code, code } = Object(body) as Record<string, unknown>;
  const found = [error_code, code].find((each) => typeof each === "string" && /^\w{1,60}$/.test(each));
  return typeof found === "string" ? found : "";
}

function failureOf(error: unknown): string {
  const { name, cause } = error as Error;
  if (name === "TimeoutError") return "TIMEOUT";
  const code = Object(cause).code;
  return typeof code === "string" && /^[A-Z0-9_]{1,60}$/.test(code) ? code : "UNKNOWN";
}

/** In words, why there was no answer, or which one there was. */
export function explainAnswer({ status, code, failed }: Answer): string {
  if (failed === "TIMEOUT") return `there was no answer within ${PATIENCE_MS / 1_000} seconds`;
  if (failed) return failed;
  return code ? `status ${status}, ${code}` : `status ${status}`;
}
