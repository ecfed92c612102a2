import { type SecretSource, SHOWN_USER_HEADER } from "../types";
import { askToConfirm, latestAnswer } from "./confirmer";

/** A reply of one of our routes that is no success, or none at all. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** HTTP status; 0 when the server was not reached. */
  readonly status: number;
  /** The stable code from docs/errors.md; `offline` when the server was not reached. */
  readonly code: string;
  /** Whose key it is about, if it is about a key. */
  readonly source: SecretSource | undefined;

  constructor(status: number, code: string, message: string, source?: SecretSource) {
    super(message);
    this.status = status;
    this.code = code;
    this.source = source;
  }
}

/** What a page's own mistake is shown as; an ApiError is passed through. */
export const asApiError = (error: unknown) =>
  error instanceof ApiError ? error : new ApiError(0, "internal", "That didn't work. Try again.");

/** What a form refuses by itself, as the server would. */
export const invalid = (message: string) => new ApiError(400, "invalid_request", message);

/** The server was not reached, or the connection broke. */
export const offline = (message = "The server can't be reached. Check your connection and try again.") =>
  new ApiError(0, "offline", message);

/** Somebody was asked to confirm who they are, and chose not to. They know that, so nobody tells them. */
export const isCancelled = ({ code }: ApiError) => code === CANCELLED;

/** Whether a change may have been made all the same: the answer to it was lost, or was that something broke. */
export const isOutcomeUnknown = (error: ApiError) =>
  !isCancelled(error) && (error.status === 0 || error.status >= 500);

const CANCELLED = "confirmation_cancelled";

/** Longer than the server gives its database, so that its own sentence comes first. */
const TIMEOUT_MS = 20_000;

/** Whom the page shows, which the server compares with who is signed in; see components/vault/ShownUser.tsx. */
function shownUser(): Record<string, string> {
  const id = document.querySelector<HTMLMetaElement>(`meta[name="${SHOWN_USER_HEADER}"]`)?.content;
  return id ? { [SHOWN_USER_HEADER]: id } : {};
}

const RELOADED_AT = "vault-reloaded-at";
const RELOADED_WHY = "vault-reloaded-why";
const USER_CHANGED = "You're now signed in with a different account. Nothing was saved.";
const RELOAD_AGAIN_MS = 30_000;

/**
 * Loads the page anew for whoever is signed in now. Not twice in a row: where page and API go on to disagree, because of
 * a foreign cookie say, the person reads the reason instead.
 */
function reloadOnce(): void {
  const since = Date.now() - Number(sessionStorage.getItem(RELOADED_AT) ?? 0);
  if (since < RELOAD_AGAIN_MS) return;
  sessionStorage.setItem(RELOADED_AT, String(Date.now()));
  sessionStorage.setItem(RELOADED_WHY, USER_CHANGED);
  location.reload();
}

/** Why this page was just reloaded, once; null if it wasn't. */
export function takeReloadReason(): string | null {
  const reason = sessionStorage.getItem(RELOADED_WHY);
  sessionStorage.removeItem(RELOADED_WHY);
  return reason;
}

const problemWatchers = new Set<(code: string) => void>();

/**
 * Tells of each reply that is a problem, by its code: what one part of a page was refused may concern all of it.
 *
 * @returns a function that ends it
 */
export function watchProblems(tell: (code: string) => void): () => void {
  problemWatchers.add(tell);
  return () => problemWatchers.delete(tell);
}

/** As the routes say it. */
const SIGNED_OUT = { code: "unauthenticated", detail: "You're not signed in. Sign in, then try again." };

/**
 * Whether the request was led to a page of this site, as an app does whose middleware sends everybody without a session to its
 * sign-in page, the vault's routes included. A redirect that only adds a slash, a redirect to another site, and an error page
 * in place of the reply say nothing about the session.
 */
function leadsToPage(path: string, { redirected, url, headers }: Response): boolean {
  if (!redirected || /\bjson\b/i.test(headers.get("content-type") ?? "")) return false;
  const [asked, reached] = [new URL(path, location.origin), new URL(url)];
  const withoutSlash = ({ pathname }: URL) => pathname.replace(/\/$/, "");
  return reached.origin === asked.origin && withoutSlash(reached) !== withoutSlash(asked);
}

/**
 * Asks one of our own routes. If somebody else is signed in than the page shows, it loads the page anew. If the person
 * has to confirm who they are, they are asked, and then the request is sent once more.
 *
 * @param body is sent as JSON if given
 * @param signal ends the request; without one it ends after 20 seconds
 * @returns a successful reply
 * @throws ApiError with a sentence to show, see also {@link isCancelled}; what `signal` was aborted with, once it was
 */
export async function request(...call: Parameters<typeof attempt>): Promise<Response> {
  const known = latestAnswer();
  try {
    return await attempt(...call);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== "confirmation_required") throw error;
    const isConfirmed = await askToConfirm(known);
    if (isConfirmed === undefined) throw error;
    if (!isConfirmed) throw new ApiError(0, CANCELLED, "You didn't confirm that it's you. Try again.");
    return attempt(...call);
  }
}

async function attempt(
  method: "GET" | "POST" | "PATCH" | "DELETE",
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<Response> {
  const sent = fetch(path, {
    method,
    cache: "no-store",
    signal: signal ?? AbortSignal.timeout(TIMEOUT_MS),
    headers: { ...shownUser(), ...(body !== undefined && { "Content-Type": "application/json" }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const response = await sent.catch((error) => {
    throw signal?.aborted ? error : offline();
  });
  const isSignedOut = leadsToPage(path, response);
  if (response.ok && !isSignedOut) return response;
  const problem = isSignedOut ? SIGNED_OUT : await response.json().catch(() => undefined);
  const code = typeof problem?.code === "string" ? problem.code : "internal";
  if (code === "user_changed") reloadOnce();
  for (const tell of problemWatchers) tell(code);
  throw new ApiError(
    isSignedOut ? 401 : response.status,
    code,
    typeof problem?.detail === "string"
      ? problem.detail
      : "Something went wrong on the server. Try again in a moment.",
    problem?.source,
  );
}

/**
 * {@link request} for routes that answer with JSON, or with nothing.
 *
 * @returns the reply's JSON, undefined for a reply without a body
 */
export async function callApi<Reply>(...call: Parameters<typeof request>): Promise<Reply> {
  const response = await request(...call);
  if (response.status === 204) return undefined as Reply;
  return response.json().catch(() => {
    throw offline();
  });
}

/**
 * Fetches a file from one of our own routes.
 *
 * @returns its content, and the name that the reply gives it
 * @throws ApiError with a sentence to show
 */
export async function fetchFile(path: string): Promise<{ name: string; content: Blob }> {
  const response = await request("GET", path);
  const name = /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "")?.[1];
  const content = await response.blob().catch(() => {
    throw offline();
  });
  return { name: name ?? "download", content };
}
