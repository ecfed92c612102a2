/** Why Supabase, or the way to it, gave no usable answer. It holds no text of anybody's. */
export interface Failure {
  /** `NetworkError`, `TimeoutError`, `GatewayError` for an answer that isn't the service's own; else the service's. */
  name: string;
  /** The service's own code, or Node's for what failed on the way. */
  code?: string;
  /** The HTTP status of the answer, if there was one. */
  status?: number;
  /** Seconds, if the answer says so. */
  retryAfter?: number;
}

/** What became of a `fetch` that rejected. */
export function failureOf(error: unknown): Failure {
  const { name, cause } = Object(error);
  if (name === "TimeoutError" || name === "AbortError") return { name: "TimeoutError", code: "ETIMEDOUT" };
  const code: unknown = Object(cause).code;
  return { name: "NetworkError", ...(typeof code === "string" && { code }) };
}

/** What an answer that isn't 2xx says of itself: PostgREST's and Auth's have a code, and a gateway's don't. */
export function failureOfAnswer({ status, headers }: Response, body: unknown, service: string): Failure {
  const { code, error_code } = Object(body);
  const own: unknown = typeof code === "string" && code !== "" ? code : error_code;
  const seconds = /^\d{1,5}$/.exec(headers.get("retry-after") ?? "")?.[0];
  return {
    ...(typeof own === "string" ? { name: service, code: own } : { name: "GatewayError" }),
    status,
    ...(seconds && { retryAfter: Number(seconds) }),
  };
}

/** Class names and codes, in the forms that they have. What providers' keys look like fits none of them. */
const NAME = /^[A-Za-z]{1,40}$/;
const CODE = /^([A-Z0-9]{5,8}|[A-Z_]{1,40}|[a-z_]{1,40})$/;

const isCode = (code: unknown): code is string | number =>
  typeof code === "string" ? CODE.test(code) : Number.isInteger(code) && Number(code) > 0;

/** What a log may say about the error underneath a problem. */
export interface Cause {
  name?: string;
  /** SQLSTATE, Node's, a library's, or the service's. */
  code?: string | number;
  /** HTTP status of the service's answer. */
  status?: number;
}

/**
 * Takes from an error what may be told of it. Its message is no part of that: those of parsers, of `Headers` and of
 * providers quote what they were given.
 *
 * @param cause anything
 */
export function describeCause(cause: unknown): Cause {
  const { name, code, status } = Object(cause);
  return {
    ...(typeof name === "string" && NAME.test(name) && { name }),
    ...(isCode(code) && { code }),
    ...(Number.isInteger(status) && status > 0 && { status }),
  };
}
