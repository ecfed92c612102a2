import type { Answer, Chunk } from "./play.ts";
import { NOTICE } from "./reply.ts";

/** What the answer is for: the key, to be repeated where a provider would, and the request's id. */
interface Asked {
  /** A space and the key where it is to be repeated, else nothing. */
  echo: string;
  requestId: string;
}

/** An answer that comes instead of a stream. */
export interface ErrorShape {
  /** In the key. */
  word: string;
  status: number;
  /** Those that depend on the time are made when they are sent. */
  headers?: Record<string, string | (() => string)>;
  /** A text is HTML, everything else is JSON. */
  body: (asked: Asked) => unknown;
  /** What comes after the body; without it, the answer is complete. */
  goesOn?: Chunk;
}

const said = (message: string, { echo }: Asked) => `${message}${echo} (${NOTICE})`;

/** As Anthropic writes it. A helpful provider repeats the key in the type, too. */
const anthropic = (type: string, message: string) => (asked: Asked) => ({
  type: "error",
  error: { type: type + asked.echo, message: said(message, asked) },
  request_id: asked.requestId,
});

/** As OpenAI, and LiteLLM after it, write it. */
const openai = (message: string, type: string | null, code: unknown) => (asked: Asked) => ({
  error: { message: said(message, asked), type, param: null, code },
});

/** A page of a proxy on the way. */
const page =
  (title: string, text = "") =>
  (asked: Asked) =>
    `<!doctype html>\n<html><head><title>${title}</title></head>\n<body><h1>${title}</h1><p>${said(text, asked)}</p></body></html>\n`;

/** JSON of another form than anybody promised. */
const just = (body: unknown) => () => body;

const rateLimit = anthropic("rate_limit_error", "The rate limit is reached.");

/** The first whose word is in the key is sent. */
export const ERRORS: readonly ErrorShape[] = [
  // Of the API itself.
  { word: "refused", status: 401, body: anthropic("authentication_error", "invalid x-api-key") },
  { word: "nocredit", status: 402, body: anthropic("billing_error", "There is no credit left.") },
  { word: "nomodel", status: 404, body: anthropic("not_found_error", "model: no such model") },
  { word: "ratelimited", status: 429, headers: { "retry-after": "7" }, body: rateLimit },
  {
    word: "overloaded",
    status: 529,
    headers: { "retry-after": "3" },
    body: anthropic("overloaded_error", "Overloaded"),
  },
  {
    word: "redirected",
    status: 307,
    headers: { location: "/elsewhere" },
    body: anthropic("api_error", "Elsewhere."),
  },
  {
    word: "low-balance",
    status: 400,
    body: anthropic(
      "invalid_request_error",
      "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or " +
        "purchase credits.",
    ),
  },
  {
    word: "org-disabled",
    status: 400,
    body: anthropic("invalid_request_error", "This organization has been disabled."),
  },
  {
    word: "no-permission",
    status: 403,
    body: anthropic(
      "permission_error",
      "Your API key does not have permission to use the specified resource.",
    ),
  },
  { word: "region-forbidden", status: 403, body: anthropic("forbidden", "Request not allowed") },
  {
    word: "too-long",
    status: 400,
    body: anthropic("invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum"),
  },
  {
    word: "other-invalid",
    status: 400,
    body: anthropic("invalid_request_error", "max_tokens: must be greater than thinking.budget_tokens"),
  },
  { word: "api-error", status: 500, body: anthropic("api_error", "Internal server error") },
  { word: "retry-date", status: 429, headers: { "retry-after": () => httpDate(90) }, body: rateLimit },
  { word: "retry-garbage", status: 429, headers: { "retry-after": "soon, -5" }, body: rateLimit },
  { word: "retry-zero", status: 429, headers: { "retry-after": "0" }, body: rateLimit },

  // Of gateways: LiteLLM, OpenRouter, and those that speak as OpenAI does.
  {
    word: "budget-429",
    status: 429,
    body: openai("Budget has been exceeded! Current cost: 1.2, Max budget: 1.0", "budget_exceeded", "429"),
  },
  {
    word: "budget-400",
    status: 400,
    body: openai("Budget has been exceeded! Current cost: 1.2, Max budget: 1.0", "budget_exceeded", "400"),
  },
  {
    word: "credits-402",
    status: 402,
    body: (asked) => ({ error: { message: said("Insufficient credits", asked), code: 402 } }),
  },
  {
    word: "quota-spent",
    status: 429,
    body: openai("You exceeded your current quota.", "insufficient_quota", "insufficient_quota"),
  },
  {
    word: "openai-key",
    status: 401,
    body: openai("Incorrect API key provided.", "invalid_request_error", "invalid_api_key"),
  },
  {
    word: "openai-no-key",
    status: 401,
    body: openai("You didn't provide an API key.", "invalid_request_error", null),
  },
  {
    word: "litellm-auth",
    status: 401,
    body: openai(
      "Authentication Error, Invalid proxy server token passed. Unable to find token in cache.",
      "auth_error",
      "401",
    ),
  },
  {
    // The same type for what is no verdict on the key.
    word: "litellm-outage",
    status: 401,
    body: openai("Authentication Error, No connected db.", "auth_error", "401"),
  },
  {
    word: "litellm-unknown",
    status: 401,
    body: openai("No such token.", "token_not_found_in_db", "401"),
  },
  {
    word: "litellm-expired",
    status: 401,
    body: openai("Authentication Error - Expired Key.", "expired_key", "401"),
  },
  {
    word: "litellm-access",
    status: 401,
    body: openai(
      "key not allowed to access model. This key can only access models=['small']. Tried to access claude.",
      "key_model_access_denied",
      "401",
    ),
  },
  {
    word: "litellm-model",
    status: 400,
    body: openai(
      "/v1/messages: Invalid model name passed in model=claude. Call `/v1/models` to view available models for " +
        "your key.",
      "None",
      "400",
    ),
  },
  {
    word: "legal-451",
    status: 451,
    body: openai("Unavailable For Legal Reasons", null, 451),
  },
  { word: "nowhere-json", status: 404, body: just({ detail: "Not Found" }) },
  {
    word: "json-200",
    status: 200,
    body: openai("Something went wrong on the way.", "internal_server_error", 500),
  },

  // Of something in between.
  { word: "html-401", status: 401, body: page("401 Authorization Required", "nginx") },
  { word: "html-403", status: 403, body: page("Attention Required!", "Sorry, you have been blocked.") },
  { word: "html-404", status: 404, body: page("404 Not Found", "nginx") },
  { word: "html-407", status: 407, body: page("Proxy Authentication Required", "squid") },
  { word: "html-413", status: 413, body: page("413 Request Entity Too Large", "nginx") },
  { word: "html-502", status: 502, body: page("502 Bad Gateway", "nginx") },
  { word: "html-504", status: 504, body: page("504 Gateway Time-out", "nginx") },
  { word: "login-page", status: 200, body: page("Sign in", "Your company's network asks who you are.") },
  { word: "bare-401", status: 401, body: just({}) },
  { word: "bare-403", status: 403, body: just({ message: "Forbidden" }) },

  // JSON with other types than promised.
  { word: "error-text", status: 401, body: just({ error: "unauthorized" }) },
  { word: "error-null", status: 401, body: just({ type: "error", error: null }) },
  { word: "error-number", status: 401, body: just(401) },
  { word: "error-list", status: 401, body: just([{ error: { type: "authentication_error" } }]) },
  {
    word: "error-object",
    status: 401,
    body: just({ type: "error", error: { type: { name: "x" }, message: { text: "No." } } }),
  },
  { word: "error-odd-400", status: 400, body: just({ error: { type: 7, message: ["No."], code: {} } }) },
  { word: "error-odd-500", status: 500, body: just({ error: [null] }) },

  // Bodies that do not end.
  {
    word: "endless-body",
    status: 500,
    body: page("500 Internal Server Error"),
    goesOn: { repeat: "<!-- and so on -->\n", every: 50 },
  },
  { word: "body-never", status: 500, body: just(undefined), goesOn: { wait: 60_000 } },
];

/** The answer that this shape stands for. */
export function errorAnswer({ status, headers, body, goesOn }: ErrorShape, asked: Asked): Answer {
  const content = body(asked);
  const isPage = typeof content === "string";
  const text = isPage ? content : JSON.stringify(content);
  return {
    status,
    headers: {
      "Content-Type": isPage ? "text/html; charset=utf-8" : "application/json",
      ...Object.fromEntries(
        Object.entries(headers ?? {}).map(([name, value]) => [
          name,
          typeof value === "string" ? value : value(),
        ]),
      ),
    },
    chunks: [text ?? "", goesOn ?? ""].filter((chunk) => chunk !== ""),
  };
}

/** So many seconds from now, as HTTP writes it. */
function httpDate(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toUTCString();
}
