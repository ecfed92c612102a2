import "server-only";
import { settings } from "../host";

/**
 * What an answer means. `restricted`: the key is good, for other things than the one asked. `busy`: asked too
 * often. `down`: a problem of the provider's. `unclear`: an answer that says nothing about the key.
 */
export type Verdict = "works" | "restricted" | "refused" | "no_credit" | "busy" | "down" | "unclear";

/** The parts of an answer that rules look at. */
export interface Answer {
  status: number;
  /** The body as JSON; undefined if it is none or too long. Reads it at the first call. */
  body(): Promise<unknown>;
}

/** How to ask the provider of one catalogued key: only with documented requests that cost and change nothing. */
export interface Provider {
  key: string;
  /** As a sentence calls it. */
  name: string;
  method?: "POST";
  url: string | (() => string);
  /** Another region, which is asked when the first one does not know the key. */
  elsewhere?: string;
  headers(value: string): Record<string, string>;
  /** Where the provider departs from {@link judgeByStatus}; undefined where it does not. */
  judge?(answer: Answer, value: string): Promise<Verdict | undefined>;
}

/**
 * What answers mean in general. A 429 says nothing about the key: providers count by address too, and do not
 * say whether they looked at the key before.
 */
export async function judgeByStatus({ status, body }: Answer): Promise<Verdict> {
  if (status >= 200 && status < 300) return "works";
  if (status === 401) return "refused";
  if (status === 402) return "no_credit";
  // APIs explain themselves in JSON; a page comes from a firewall in front of them, which has not seen the key.
  if (status === 403) return (await body()) === undefined ? "unclear" : "refused";
  if (status === 429) return "busy";
  return status >= 500 ? "down" : "unclear";
}

const bearer = (value: string) => ({ Authorization: `Bearer ${value}` });

/** The value at a path of member names inside untrusted JSON. */
function at(json: unknown, ...path: string[]): unknown {
  let inner = json;
  for (const name of path) {
    if (typeof inner !== "object" || inner === null || !Object.hasOwn(inner, name)) return undefined;
    inner = (inner as Record<string, unknown>)[name];
  }
  return inner;
}

// https://docs.slack.dev/reference/methods/auth.test
const slack = (key: string): Provider => ({
  key,
  name: "Slack",
  method: "POST",
  url: "https://slack.com/api/auth.test",
  headers: bearer,
  async judge({ status, body }) {
    if (status !== 200) return undefined;
    const answer = await body();
    if (at(answer, "ok") === true) return "works";
    const error = String(at(answer, "error"));
    if (error === "ratelimited") return "busy";
    const bad = ["invalid_auth", "not_authed", "account_inactive", "token_expired", "token_revoked"];
    return bad.includes(error) ? "refused" : "unclear";
  },
});

export const PROVIDERS: readonly Provider[] = [
  {
    // https://docs.anthropic.com/en/api/models-list
    key: "ANTHROPIC_API_KEY",
    name: "Anthropic",
    // Where the app itself asks somebody else instead, that is who has to accept the key.
    url: () =>
      `${(settings().anthropicBaseUrl ?? "https://api.anthropic.com").replace(/\/+$/, "")}/v1/models?limit=1`,
    headers: (value) => ({ "x-api-key": value, "anthropic-version": "2023-06-01" }),
  },
  {
    // https://platform.openai.com/docs/api-reference/models/list
    // https://platform.openai.com/docs/guides/error-codes
    key: "OPENAI_API_KEY",
    name: "OpenAI",
    url: "https://api.openai.com/v1/models",
    headers: bearer,
    async judge({ status, body }) {
      if (status !== 401 && status !== 403 && status !== 429) return undefined;
      const code = at(await body(), "error", "code");
      if (code === "missing_scope") return "restricted";
      if (code === "insufficient_quota") return "no_credit";
      // Both are about where the server stands.
      if (code === "ip_not_authorized" || code === "unsupported_country_region_territory") return "unclear";
      return undefined;
    },
  },
  {
    // https://ai.google.dev/api/models#method:-models.list
    key: "GEMINI_API_KEY",
    name: "Google Gemini",
    url: "https://generativelanguage.googleapis.com/v1beta/models?pageSize=1",
    // Never as ?key=, which logs on the way would keep.
    headers: (value) => ({ "x-goog-api-key": value }),
    async judge({ status, body }) {
      if (status !== 400) return undefined;
      const details = at(await body(), "error", "details");
      const reasons = Array.isArray(details) ? details.map((detail) => at(detail, "reason")) : [];
      return reasons.includes("API_KEY_INVALID") ? "refused" : undefined;
    },
  },
  {
    // https://docs.mistral.ai/api/#tag/models
    key: "MISTRAL_API_KEY",
    name: "Mistral",
    url: "https://api.mistral.ai/v1/models",
    headers: bearer,
  },
  {
    // https://console.groq.com/docs/api-reference#models-list, https://console.groq.com/docs/errors
    key: "GROQ_API_KEY",
    name: "Groq",
    url: "https://api.groq.com/openai/v1/models",
    headers: bearer,
    // "Permission restrictions", which networks that Groq does not serve meet as well.
    judge: async ({ status }) => (status === 403 ? "unclear" : undefined),
  },
  {
    // https://openrouter.ai/docs/api_reference/limits
    key: "OPENROUTER_API_KEY",
    name: "OpenRouter",
    url: "https://openrouter.ai/api/v1/key",
    headers: bearer,
    async judge({ status, body }) {
      if (status !== 200) return undefined;
      const remaining = at(await body(), "data", "limit_remaining");
      return typeof remaining === "number" && remaining <= 0 ? "no_credit" : undefined;
    },
  },
  {
    // https://api-docs.deepseek.com/api/get-user-balance
    key: "DEEPSEEK_API_KEY",
    name: "DeepSeek",
    url: "https://api.deepseek.com/user/balance",
    headers: bearer,
    async judge({ status, body }) {
      if (status !== 200) return undefined;
      return at(await body(), "is_available") === false ? "no_credit" : undefined;
    },
  },
  {
    // https://huggingface.co/docs/hub/api: what its own client's whoami() asks.
    key: "HF_TOKEN",
    name: "Hugging Face",
    url: "https://huggingface.co/api/whoami-v2",
    headers: bearer,
  },
  {
    // https://docs.x.ai/docs/api-reference#get-api-key-information
    key: "XAI_API_KEY",
    name: "xAI",
    url: "https://api.x.ai/v1/api-key",
    headers: bearer,
    async judge({ status, body }) {
      // The request is always the same, so what is bad about it is the key.
      if (status === 400) return (await body()) === undefined ? "unclear" : "refused";
      if (status !== 200) return undefined;
      const about = await body();
      const stops = ["api_key_blocked", "api_key_disabled", "team_blocked"];
      return stops.some((stop) => at(about, stop) === true) ? "refused" : undefined;
    },
  },
  {
    // https://replicate.com/docs/reference/http#account.get
    key: "REPLICATE_API_TOKEN",
    name: "Replicate",
    url: "https://api.replicate.com/v1/account",
    headers: bearer,
  },
  {
    // https://vercel.com/docs/ai-gateway/usage. A balance of nothing is fine for who brings keys of their own.
    key: "AI_GATEWAY_API_KEY",
    name: "Vercel AI Gateway",
    url: "https://ai-gateway.vercel.sh/v1/credits",
    headers: bearer,
  },
  {
    // https://developers.cloudflare.com/api/resources/user/subresources/tokens/methods/verify
    key: "CLOUDFLARE_API_TOKEN",
    name: "Cloudflare",
    url: "https://api.cloudflare.com/client/v4/user/tokens/verify",
    headers: bearer,
    async judge({ status, body }, value) {
      if (status >= 400 && status < 500 && status !== 429) {
        // A token that belongs to an account is verified by the account's id, which we do not have. New tokens
        // say what they are: https://developers.cloudflare.com/fundamentals/api/get-started/token-formats
        return status === 401 && value.startsWith("cfut_") ? "refused" : "unclear";
      }
      if (status !== 200) return undefined;
      const state = at(await body(), "result", "status");
      if (state === "disabled" || state === "expired") return "refused";
      return state === "active" ? "works" : "unclear";
    },
  },
  {
    // https://docs.github.com/en/rest/users/users#get-the-authenticated-user: fine-grained tokens need no
    // permission for it.
    key: "GITHUB_TOKEN",
    name: "GitHub",
    url: "https://api.github.com/user",
    headers: (value) => ({
      ...bearer(value),
      Accept: "application/vnd.github+json",
      "X-GitHub-Api-Version": "2022-11-28",
    }),
    async judge({ status, body }) {
      if (status !== 403) return undefined;
      // A token of an app's installation, which stands for no person. Other 403s are rate limits, and what
      // GitHub answers to everybody for a while after several bad tokens.
      return /^Resource not accessible/.test(String(at(await body(), "message"))) ? "restricted" : "unclear";
    },
  },
  {
    // https://docs.stripe.com/api/balance/balance_retrieve, https://docs.stripe.com/api/errors
    key: "STRIPE_SECRET_KEY",
    name: "Stripe",
    url: "https://api.stripe.com/v1/balance",
    headers: bearer,
    async judge({ status, body }) {
      if (status === 402) return "unclear";
      if (status !== 403) return undefined;
      const code = at(await body(), "error", "code");
      // A publishable key, which can do nothing here. Else a restricted one, without the right to see the balance.
      if (code === "secret_key_required") return "refused";
      return at(await body(), "error") === undefined ? "unclear" : "restricted";
    },
  },
  {
    // https://vercel.com/docs/rest-api/user/get-the-user
    key: "VERCEL_TOKEN",
    name: "Vercel",
    url: "https://api.vercel.com/v2/user",
    headers: bearer,
    async judge({ status, body }) {
      if (status !== 403) return undefined;
      // Bad tokens are told apart from those of a single project, which may not see the person.
      return at(await body(), "error", "invalidToken") === true ? "refused" : "unclear";
    },
  },
  {
    // https://open-api.netlify.com/#tag/user/operation/getCurrentUser
    key: "NETLIFY_AUTH_TOKEN",
    name: "Netlify",
    url: "https://api.netlify.com/api/v1/user",
    headers: bearer,
  },
  {
    // https://resend.com/docs/api-reference/domains/list-domains, https://resend.com/docs/api-reference/errors
    key: "RESEND_API_KEY",
    name: "Resend",
    url: "https://api.resend.com/domains",
    headers: bearer,
    async judge({ status, body }) {
      if (status < 400 || status >= 500 || status === 429) return undefined;
      const name = at(await body(), "name");
      // Only for sending, which is what most keys are for.
      if (name === "restricted_api_key") return "restricted";
      return name === "invalid_api_key" ? "refused" : "unclear";
    },
  },
  {
    // https://www.twilio.com/docs/sendgrid/api-reference/api-key-permissions: any key may see its own scopes.
    key: "SENDGRID_API_KEY",
    name: "SendGrid",
    url: "https://api.sendgrid.com/v3/scopes",
    elsewhere: "https://api.eu.sendgrid.com/v3/scopes",
    headers: bearer,
  },
  {
    // https://postmarkapp.com/developer/api/server-api
    key: "POSTMARK_SERVER_TOKEN",
    name: "Postmark",
    url: "https://api.postmarkapp.com/server",
    headers: (value) => ({ "X-Postmark-Server-Token": value }),
  },
  slack("SLACK_BOT_TOKEN"),
  slack("SLACK_USER_TOKEN"),
  {
    // https://developers.notion.com/reference/get-self
    key: "NOTION_API_KEY",
    name: "Notion",
    url: "https://api.notion.com/v1/users/me",
    headers: (value) => ({ ...bearer(value), "Notion-Version": "2022-06-28" }),
    async judge({ status, body }) {
      if (status !== 403) return undefined;
      return at(await body(), "code") === "restricted_resource" ? "restricted" : undefined;
    },
  },
];
