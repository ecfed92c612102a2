/** A reply of one of our routes that is no success, or none at all. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** HTTP status; 0 when the server was not reached. */
  readonly status: number;
  /** The stable code from docs/errors.md; `offline` when the server was not reached. */
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** What a page's own mistake is shown as; an ApiError is passed through. */
export const asApiError = (error: unknown) =>
  error instanceof ApiError ? error : new ApiError(0, "internal", "That did not work. Try again.");

/** Longer than the server gives its database, so that its own sentence comes first. */
const TIMEOUT_MS = 20_000;

/**
 * Calls one of our own routes from a page.
 *
 * @param body is sent as JSON if given
 * @returns the reply's JSON, undefined for a reply without a body
 * @throws ApiError with a sentence to show
 */
export async function callApi<Reply>(
  method: "GET" | "POST" | "PATCH" | "DELETE",
  path: string,
  body?: unknown,
): Promise<Reply> {
  const response = await send(path, {
    method,
    ...(body !== undefined && {
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    }),
  });
  if (response.status === 204) return undefined as Reply;
  const reply = await response.json().catch(() => undefined);
  if (response.ok && reply !== undefined) return reply as Reply;
  throw problemOf(response, reply);
}

/**
 * Fetches a file from one of our own routes.
 *
 * @returns its content, and the name that the reply gives it
 * @throws ApiError with a sentence to show
 */
export async function fetchFile(path: string): Promise<{ name: string; content: Blob }> {
  const response = await send(path, {});
  if (!response.ok) throw problemOf(response, await response.json().catch(() => undefined));
  const name = /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "")?.[1];
  const content = await response.blob().catch(() => {
    throw offline();
  });
  return { name: name ?? "download", content };
}

const offline = () =>
  new ApiError(0, "offline", "The server cannot be reached. Check your connection and try again.");

function send(path: string, init: RequestInit): Promise<Response> {
  const options = { ...init, cache: "no-store" as const, signal: AbortSignal.timeout(TIMEOUT_MS) };
  return fetch(path, options).catch(() => {
    throw offline();
  });
}

function problemOf({ status }: Response, reply: { code?: unknown; detail?: unknown } | undefined): ApiError {
  return new ApiError(
    status,
    typeof reply?.code === "string" ? reply.code : "internal",
    typeof reply?.detail === "string"
      ? reply.detail
      : "Something went wrong on the server. Try again in a moment.",
  );
}
