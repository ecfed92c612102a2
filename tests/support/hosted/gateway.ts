import { TEST_PUBLISHABLE_KEY, TEST_SECRET_KEY } from "../keys.ts";
import type { Answer } from "./answers.ts";
import type { HostedRequest, HostedSettings } from "./settings.ts";

/** Who a request comes from, as its API key says. */
export type Caller = "publishable" | "secret";

/** What a browser's `User-Agent` begins with. */
const BROWSER = /^\s*Mozilla\s*\//;

const unauthorized = (code: string, message: string, hint?: string): Answer => ({
  status: 401,
  body: { message, ...(hint && { hint }) },
  headers: { "Sb-Error-Code": code },
});

/**
 * What the gateway in front of a project's services refuses.
 *
 * https://supabase.com/docs/guides/api/api-keys, https://supabase.com/docs/guides/platform/http-status-codes,
 * https://supabase.com/kb/troubleshooting/auth-error-401-unauthorized_missing_api_key-on-admin-endpoints-ac2afd; its source
 * is not public, so words that are not there are those that people quote in public reports.
 *
 * @returns the caller of a request that it lets through
 */
export function passGateway(request: HostedRequest, settings: HostedSettings): Caller | Answer {
  if (settings.paused) return { status: 540, body: { message: "Project paused" } };
  const { publishable, secret, legacy } = settings.keys;
  const key = request.headers.apikey ?? new URLSearchParams(request.path.split("?")[1]).get("apikey");
  if (!key) {
    // A link from a mail is opened by a browser, which has no key.
    if (/^\/auth\/v1\/(verify|authorize|callback|\.well-known\/.*)(\?|$)/.test(request.path)) {
      return "publishable";
    }
    const hint = "No `apikey` request header or url param was found.";
    return unauthorized("UNAUTHORIZED_MISSING_API_KEY", "No API key found in request", hint);
  }
  if (key === legacy.anon || key === legacy.serviceRole) {
    if (!legacy.isDisabled) return key === legacy.anon ? "publishable" : "secret";
    const hint =
      "Your legacy API keys (anon, service_role) were disabled. Use publishable and secret API keys.";
    return unauthorized("UNAUTHORIZED_INVALID_API_KEY", "Legacy API keys are disabled", hint);
  }
  if (publishable.includes(key)) return "publishable";
  if (!secret.includes(key)) {
    return unauthorized("UNAUTHORIZED_INVALID_API_KEY", "Invalid API key", "Double check your API key.");
  }
  if (!BROWSER.test(request.headers["user-agent"] ?? "")) return "secret";
  return unauthorized("UNAUTHORIZED_INVALID_API_KEY_TYPE", "Forbidden use of secret API key in browser");
}

/** The same request with an API key that the embedded server has, and without one in the place of a session. */
export function withKey(request: HostedRequest, caller: Caller, { keys }: HostedSettings): HostedRequest {
  const known: (string | undefined)[] = [...keys.publishable, ...keys.secret];
  const { authorization, ...headers } = request.headers;
  const bearer = authorization?.replace(/^Bearer /i, "");
  const isKey = [...known, keys.legacy.anon, keys.legacy.serviceRole].includes(bearer);
  headers.apikey = caller === "secret" ? TEST_SECRET_KEY : TEST_PUBLISHABLE_KEY;
  return { ...request, headers: { ...headers, ...(authorization && !isKey && { authorization }) } };
}
