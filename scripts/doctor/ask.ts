import { boundedFetch, TIMEOUT_MS } from "../../lib/vault/http/bounded-fetch.ts";
import { describeCause, failureOf, failureOfAnswer } from "../../lib/vault/http/cause.ts";

/** What a server answered; `failed` says why it didn't. */
export interface Answer {
  /** The HTTP status; 0 without an answer. */
  status: number;
  headers: Headers;
  /** The body as JSON; undefined if it is none. */
  body: unknown;
  /** PostgREST's, PostgreSQL's, or Auth's code; empty if there is none. */
  code: string;
  /** Node's code of the failure, such as ECONNREFUSED; `TIMEOUT` after {@link TIMEOUT_MS}. */
  failed?: string;
  /** Milliseconds since 1970, halfway between question and answer. */
  at: number;
}

export interface AskOptions {
  /** The API key to send; left out if it can't be a header. */
  key?: string | undefined;
  /** JSON to POST. Without it, the request is a GET. */
  post?: unknown;
  headers?: Record<string, string>;
}

/** What can be a header: a masked key, as the dashboard shows it, has dots that can't. */
const HEADER = /^[\x21-\x7e]+$/;

/** Sends one request, follows no redirect, and doesn't throw. */
export async function ask(origin: string, path: string, options: AskOptions = {}): Promise<Answer> {
  const { key, post, headers } = options;
  const started = Date.now();
  const half = () => started + (Date.now() - started) / 2;
  try {
    const answer = await boundedFetch(new URL(path, origin), {
      headers: {
        // auth-js and postgrest-js send both.
        ...(key && HEADER.test(key) && { apikey: key, Authorization: `Bearer ${key}` }),
        ...(post !== undefined && { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(post !== undefined && { method: "POST", body: JSON.stringify(post) }),
      redirect: "manual",
    });
    const at = half();
    const body: unknown = await answer.json().catch(() => undefined);
    return { status: answer.status, headers: answer.headers, body, code: codeOf(answer, body), at };
  } catch (error) {
    return {
      status: 0,
      headers: new Headers(),
      body: undefined,
      code: "",
      failed: reasonOf(error),
      at: half(),
    };
  }
}

/** PostgREST's or Auth's code, and nothing that it has said in its own words. */
const codeOf = (answer: Response, body: unknown): string =>
  String(describeCause(failureOfAnswer(answer, body, "Supabase")).code ?? "");

function reasonOf(error: unknown): string {
  const { name, code = "" } = failureOf(error);
  if (name === "TimeoutError") return "TIMEOUT";
  return /^[A-Z0-9_]{1,60}$/.test(code) ? code : "UNKNOWN";
}

/** In words, why there was no answer, or which one there was. */
export function explainAnswer({ status, code, failed }: Answer): string {
  if (failed === "TIMEOUT") return `there was no answer within ${TIMEOUT_MS / 1_000} seconds`;
  if (failed) return failed;
  return code ? `status ${status}, ${code}` : `status ${status}`;
}
