import { setTimeout as sleep } from "node:timers/promises";
import { boundedFetch } from "../http/bounded-fetch";
import { type Failure, failureOf, failureOfAnswer } from "../http/cause";
import { forwardsAddress } from "../supabase-keys";
import { networkOf } from "./client-address";
import { limitFailures } from "./tries";

/** Time for a renewal with its second try: a page or a request waits for it. */
const RENEWAL_MS = 7_500;
const PAUSE_MS = 150;
const FAILURES = 15;
/** What a client is to blame for; a conflict (409) or an overload (429) is not. */
const REFUSALS = [400, 401, 403, 404, 422];
const FAILURE_WINDOW_MS = 5 * 60_000;
/** At most. In the form of Supabase Auth's own sentence, of which auth-js passes on no header. */
const WAIT_SECONDS = FAILURE_WINDOW_MS / 1000;
const TOO_OFTEN = `You can only request this after ${WAIT_SECONDS} seconds.`;

/**
 * A status that auth-js neither repeats for 30 seconds, as it does with those that it takes for a network's, nor
 * mistakes for a success. isOutage() knows it as 5xx.
 */
const UNKNOWN_STATUS = 599;

/** Requests that cost the auth server a try of its limit for each address, and that a stranger can send. */
const TRIES = /\/auth\/v1\/(token|signup|verify|otp|recover|resend)$/;

/** Where a second factor's code is exchanged for a session. */
const FACTOR_VERIFIED = /\/auth\/v1\/factors\/[^/]+\/verify$/;

/**
 * Half of what the auth server allows an address, so that one client does not use up what all clients of this server
 * share there. Each kind of request by itself, as there: links that a foreign page has somebody open are no way to lock
 * them out.
 */
const withinTries = limitFailures(FAILURES, FAILURE_WINDOW_MS, RENEWAL_MS);

/** The auth server, and how to speak to it for one client. */
export interface AuthServer {
  /** The secret key; see {@link forwardsAddress}. */
  secretKey: string;
  publishableKey: string;
  /** The client's address, if it is known. */
  clientAddress: string | undefined;
  /** What the client's browser calls itself, for a list of a person's sessions. Without it, they are all this server's. */
  userAgent?: string | null;
}

/** `fetch` for the auth client of one request, and what became of the session. */
export interface AuthFetch {
  fetch: typeof fetch;
  /** Why a renewal had no answer, so that nobody knows if there is a session; undefined where it had, or there was none. */
  renewalFailure: () => Failure | undefined;
  /** Whether cookies may be deleted: not after that, and no verifier of a sign-in that did not succeed. */
  mayDelete: () => boolean;
}

/**
 * Makes a `fetch` that stands between auth-js and the auth server.
 *
 * By itself, auth-js takes every answer to a renewal that is not in its list of network errors for the end of the
 * session, an overload (429), a conflict of two renewals (409), a paused project (540) or a wrong API key (401) among
 * them, and deletes the cookie; and those in its list it repeats for up to 30 seconds. Here only a session, or the
 * auth server's own word that there is none, is an answer. Anything else is tried a second time and then unknown.
 *
 * It never rejects: some versions of auth-js would print why, with a stack.
 *
 * @param hasJustFailed whether the renewal of this very session was unknown in proxy.ts; it is not tried again then
 */
export function authFetch(server: AuthServer, hasJustFailed = false): AuthFetch {
  let renewalFailure: Failure | undefined;
  let mayDelete = true;
  return {
    renewalFailure: () => renewalFailure,
    mayDelete: () => mayDelete,
    fetch: async (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      const grant = url.searchParams.get("grant_type");
      const ask = (signal?: AbortSignal) =>
        limited(server, url, () =>
          boundedFetch(input, { ...forwarded(server, init), ...(signal && { signal }) }),
        );
      if (grant === "refresh_token") {
        const answer = hasJustFailed ? JUST_FAILED : await renew(ask);
        renewalFailure = answer instanceof Response ? undefined : answer;
        mayDelete &&= !renewalFailure;
        return answer instanceof Response ? answer : unknown(answer);
      }
      if (FACTOR_VERIFIED.test(url.pathname)) return ask().then(session, failed);
      if (grant !== "pkce") return ask().then(understood, failed);
      // The verifier is good for one exchange. auth-js forgets it whatever comes of that.
      const answer = await ask().then(session, failed);
      mayDelete &&= answer.ok;
      return answer;
    },
  };
}

const JUST_FAILED: Failure = { name: "RenewalFailed" };
const NOT_ITS_OWN: Failure = { name: "GatewayError" };

const NOT_SAID = "The auth server did not say.";

/** An answer that auth-js makes an error of, with the code of what went wrong if there is one. */
const unknown = ({ code }: Failure = NOT_ITS_OWN) =>
  Response.json({ msg: NOT_SAID, error_code: code }, { status: UNKNOWN_STATUS });

const failed = (error: unknown) => unknown(failureOf(error));

/**
 * A success without an object in it is somebody else's, and auth-js would stumble over it. Of an error without one, it
 * would not pass on the status.
 */
async function understood(response: Response): Promise<Response> {
  const { status } = response;
  if (status === 204) return response;
  const said: unknown = await contentOf(response);
  if (typeof said === "object" && said !== null && !Array.isArray(said)) return response;
  return status < 400 ? unknown() : Response.json({ msg: NOT_SAID }, { status });
}

/**
 * A success without a session in it is somebody else's, and auth-js would keep it in the session's place. A refusal is
 * passed on as it is: whoever asked tells an overload from a fault.
 */
const session = async (response: Response): Promise<Response> =>
  response.ok && !(await isAnswer(response)) ? unknown() : response;

const contentOf = (response: Response): Promise<unknown> =>
  response
    .clone()
    .json()
    .catch(() => undefined);

async function renew(ask: (signal: AbortSignal) => Promise<Response>): Promise<Response | Failure> {
  const end = AbortSignal.timeout(RENEWAL_MS);
  let failure = NOT_ITS_OWN;
  for (const pause of [0, PAUSE_MS]) {
    await sleep(pause);
    const answer = await ask(end).catch(failureOf);
    if (answer instanceof Response && (await isAnswer(answer))) return answer;
    failure =
      answer instanceof Response ? failureOfAnswer(answer, await contentOf(answer), "AuthApiError") : answer;
    if (end.aborted) break;
  }
  return failure;
}

/** Whether the auth server itself has said what becomes of the session: https://supabase.com/docs/guides/auth/debugging/error-codes */
async function isAnswer(response: Response): Promise<boolean> {
  const said = await contentOf(response);
  const member = (name: string) => Object(said)[name];
  if (response.ok)
    return typeof member("access_token") === "string" && typeof member("refresh_token") === "string";
  const isCoded = typeof member("error_code") === "string" || typeof member("code") === "string";
  // Older servers have no codes. A gateway's 401 is about the API key.
  if (response.status === 401) return isCoded;
  const isExplained = typeof member("msg") === "string" || typeof member("error") === "string";
  return [400, 403, 404].includes(response.status) && (isCoded || isExplained);
}

/** Longer than any browser's. */
const MAX_USER_AGENT = 256;

/**
 * What makes a `User-Agent` a browser's: "Mozilla", and names with a version. Supabase's gateway refuses secret keys that come
 * with one (401), since they don't belong into browsers, and doesn't say by which of them it knows:
 * https://supabase.com/docs/guides/api/api-keys
 */
const BROWSER_MARKS = /Mozilla\s*|\s*\/\s*[^\s;()]*/gi;

/**
 * The same request with what is known of the client: its browser, which the auth server writes down with the session,
 * and its address, as https://supabase.com/docs/guides/auth/rate-limits asks for it.
 */
function forwarded(
  { secretKey, publishableKey, clientAddress, userAgent }: AuthServer,
  init: RequestInit = {},
): RequestInit {
  const headers = new Headers(init.headers);
  const browser = userAgent
    ?.replace(/[^ -~]/g, "")
    .slice(0, MAX_USER_AGENT)
    .trim();
  if (browser) headers.set("User-Agent", browser);
  if (!clientAddress || !forwardsAddress(secretKey)) return { ...init, headers };
  if (browser) headers.set("User-Agent", browser.replace(BROWSER_MARKS, "").trim() || "browser");
  headers.set("apikey", secretKey);
  headers.set("Sb-Forwarded-For", clientAddress);
  if (headers.get("Authorization") === `Bearer ${publishableKey}`) {
    headers.set("Authorization", `Bearer ${secretKey}`);
  }
  return { ...init, headers };
}

/** Asks, unless the client's network has failed too often just now; in the auth server's own words then. */
async function limited(
  { clientAddress }: AuthServer,
  url: URL,
  ask: () => Promise<Response>,
): Promise<Response> {
  const [, kind] = TRIES.exec(url.pathname) ?? [];
  if (!clientAddress || !kind) return ask();
  const client = `${networkOf(clientAddress)} ${url.searchParams.get("grant_type") ?? kind}`;
  const answer = await withinTries(client, ask, ({ status }) => REFUSALS.includes(status));
  return (
    answer ??
    Response.json(
      { error_code: "over_request_rate_limit", msg: TOO_OFTEN },
      { status: 429, headers: { "Retry-After": String(WAIT_SECONDS) } },
    )
  );
}
