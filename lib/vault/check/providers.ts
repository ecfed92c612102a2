import "server-only";
import { settings } from "../host";
import { ANTHROPIC_ERRORS } from "./anthropic";
import { money } from "./facts";
import { accountAt, at, bearer, type Provider } from "./provider";
import { slack } from "./slack";
import { valuesAt } from "./verdict";

const left = (amount: string | undefined) => amount && `${amount} left`;

/** The providers that can be asked. */
export const PROVIDERS: readonly Provider[] = [
  {
    // https://docs.anthropic.com/en/api/models-list, https://docs.anthropic.com/en/api/overview#response-headers
    key: "ANTHROPIC_API_KEY",
    name: "Anthropic",
    // Where the app itself asks somebody else instead, that is who has to accept the key.
    url: () =>
      `${(settings().anthropicBaseUrl ?? "https://api.anthropic.com").replace(/\/+$/, "")}/v1/models?limit=1`,
    headers: (value) => ({ "x-api-key": value, "anthropic-version": "2023-06-01" }),
    errors: ANTHROPIC_ERRORS,
    learn: ({ headers }) => ({ account: headers.get("anthropic-organization-id") }),
  },
  {
    // https://platform.openai.com/docs/api-reference/models/list
    // https://platform.openai.com/docs/guides/error-codes
    // https://developers.openai.com/api/docs/guides/data-residency
    // https://developers.openai.com/api/reference/overview#debugging-requests
    key: "OPENAI_API_KEY",
    name: "OpenAI",
    url: "https://api.openai.com/v1/models",
    headers: bearer,
    errors: {
      "error.code": {
        refused: ["invalid_api_key", "account_deactivated"],
        restricted: ["missing_scope"],
        no_credit: ["insufficient_quota", "credit_balance_exhausted", "billing_not_active"],
        place: ["ip_not_authorized", "unsupported_country_region_territory"],
        region: ["incorrect_hostname"],
      },
    },
    learn: ({ headers }) => ({ account: headers.get("openai-organization") }),
  },
  {
    // https://ai.google.dev/api/models#method:-models.list, https://ai.google.dev/gemini-api/docs/troubleshooting
    // https://github.com/googleapis/googleapis/blob/master/google/api/error_reason.proto
    key: "GEMINI_API_KEY",
    name: "Google Gemini",
    url: "https://generativelanguage.googleapis.com/v1beta/models?pageSize=1",
    // Never as ?key=, which logs on the way would keep.
    headers: (value) => ({ "x-goog-api-key": value }),
    errors: {
      "error.details.*.reason": {
        refused: ["API_KEY_INVALID"],
        place: [
          "API_KEY_IP_ADDRESS_BLOCKED",
          "LOCATION_POLICY_VIOLATED",
          "LOCATION_TAX_POLICY_VIOLATED",
          "ORG_RESTRICTION_VIOLATION",
          "SECURITY_POLICY_VIOLATED",
        ],
        settings: [
          "API_KEY_ANDROID_APP_BLOCKED",
          "API_KEY_HTTP_REFERRER_BLOCKED",
          "API_KEY_IOS_APP_BLOCKED",
          "API_KEY_SERVICE_BLOCKED",
          "BILLING_DISABLED",
          "CONSUMER_INVALID",
          "CONSUMER_SUSPENDED",
          "GCP_SUSPENDED",
          "SERVICE_DISABLED",
          "SERVICE_NOT_VISIBLE",
          "USER_PROJECT_DENIED",
        ],
      },
      "error.message": { place: [/^User location is not supported|not available in your country/] },
      // What is missing is billing.
      "error.status": { settings: ["FAILED_PRECONDITION"] },
    },
  },
  {
    // https://docs.mistral.ai/api/#tag/models, https://docs.mistral.ai/resources/error-glossary
    key: "MISTRAL_API_KEY",
    name: "Mistral",
    url: "https://api.mistral.ai/v1/models",
    headers: bearer,
    // All it says, so far, in one or the other member.
    errors: {
      detail: { refused: ["Unauthorized"] },
      message: { refused: ["Unauthorized"] },
      type: { refused: ["authentication_error"] },
    },
  },
  {
    // https://console.groq.com/docs/api-reference#models-list, https://console.groq.com/docs/errors
    key: "GROQ_API_KEY",
    name: "Groq",
    url: "https://api.groq.com/openai/v1/models",
    headers: bearer,
    errors: {
      "error.code": { refused: ["invalid_api_key"], settings: ["organization_restricted"] },
      "error.message": { place: ["Access denied. Please check your network settings."] },
    },
  },
  {
    // https://openrouter.ai/docs/api/api-reference/api-keys/get-current-key. Its label has characters of the key.
    // https://openrouter.ai/docs/api_reference/limits, https://openrouter.ai/docs/api/reference/errors-and-debugging
    key: "OPENROUTER_API_KEY",
    name: "OpenRouter",
    url: "https://openrouter.ai/api/v1/key",
    headers: bearer,
    errors: { "error.code": { refused: [401], no_credit: [402] } },
    // Those manage other keys, and reach no model: https://openrouter.ai/docs/features/provisioning-api-keys
    successes: {
      "data.is_management_key": { restricted: [true] },
      "data.is_provisioning_key": { restricted: [true] },
    },
    async refine(verdict, { body }) {
      if (verdict !== "works") return verdict;
      const [remaining] = valuesAt(await body(), ["data", "limit_remaining"]);
      return typeof remaining === "number" && remaining <= 0 ? "no_credit" : verdict;
    },
    async learn({ body }) {
      const data = at(await body(), "data");
      const [limit, remaining] = [money(at(data, "limit")), money(at(data, "limit_remaining"))];
      const reset = { daily: "day", weekly: "week", monthly: "month" }[String(at(data, "limit_reset"))];
      return {
        credit: limit && remaining && `${remaining} of ${limit} left`,
        limit: limit && (reset ? `${limit} per ${reset}` : limit),
        expires: at(data, "expires_at"),
      };
    },
  },
  {
    // https://api-docs.deepseek.com/api/get-user-balance, https://api-docs.deepseek.com/quick_start/error_codes
    key: "DEEPSEEK_API_KEY",
    name: "DeepSeek",
    url: "https://api.deepseek.com/user/balance",
    headers: bearer,
    errors: { "error.type": { refused: ["authentication_error"] } },
    successes: { is_available: { no_credit: [false] } },
    async learn({ body }) {
      const balances = valuesAt(await body(), ["balance_infos", "*"]).slice(0, 4);
      const amounts = balances.map((info) => money(at(info, "total_balance"), at(info, "currency")));
      return { credit: left(amounts.filter(Boolean).join(" and ")) };
    },
  },
  {
    // https://huggingface.co/docs/hub/api: what its own client's whoami() asks. It has no codes.
    // https://huggingface.co/docs/huggingface.js/hub/interfaces/WhoAmIUser, and AuthInfo there
    key: "HF_TOKEN",
    name: "Hugging Face",
    url: "https://huggingface.co/api/whoami-v2",
    headers: bearer,
    errors: {
      error: {
        refused: [
          "Invalid credentials in Authorization header",
          "Invalid username or password.",
          /^User Access Token .* is expired$/,
        ],
      },
    },
    async learn({ body }) {
      const json = await body();
      return { account: at(json, "name"), expires: at(json, "auth.accessToken.expiration") };
    },
  },
  {
    // https://docs.x.ai/docs/api-reference#get-api-key-information
    // https://docs.x.ai/developers/debugging: a wrong key is a 400, whose code is that of any bad argument.
    key: "XAI_API_KEY",
    name: "xAI",
    url: "https://api.x.ai/v1/api-key",
    headers: bearer,
    errors: { error: { refused: [/^Incorrect(?: |%20)API(?: |%20)key(?: |%20)provided\b/] } },
    successes: {
      api_key_blocked: { refused: [true] },
      api_key_disabled: { refused: [true] },
      team_blocked: { refused: [true] },
    },
    // What people called the key: the team has only an id here.
    learn: accountAt("name"),
  },
  {
    // https://replicate.com/docs/reference/http#account.get
    key: "REPLICATE_API_TOKEN",
    name: "Replicate",
    url: "https://api.replicate.com/v1/account",
    headers: bearer,
    errors: {
      title: { refused: ["Unauthenticated"] },
      // The same title where a proxy took the token away.
      detail: { unclear: ["You did not pass an authentication token"] },
    },
    learn: accountAt("username"),
  },
  {
    // https://vercel.com/docs/ai-gateway/usage. A balance of nothing is fine for who brings keys of their own.
    key: "AI_GATEWAY_API_KEY",
    name: "Vercel AI Gateway",
    url: "https://ai-gateway.vercel.sh/v1/credits",
    headers: bearer,
    errors: { "error.type": { refused: ["authentication_error"] } },
    learn: async ({ body }) => ({ credit: left(money(at(await body(), "balance"))) }),
  },
  {
    // https://developers.cloudflare.com/api/resources/user/subresources/tokens/methods/verify
    // https://developers.cloudflare.com/fundamentals/api/how-to/restrict-tokens
    key: "CLOUDFLARE_API_TOKEN",
    name: "Cloudflare",
    url: "https://api.cloudflare.com/client/v4/user/tokens/verify",
    headers: bearer,
    errors: {
      "errors.*.code": { refused: [1000] },
      "errors.*.message": { place: [/^Cannot use the access token from location\b/] },
    },
    successes: { "result.status": { works: ["active"], refused: ["disabled", "expired"] } },
    // A token that belongs to an account is verified by the account's id, which we do not have. New tokens say what
    // they are: https://developers.cloudflare.com/fundamentals/api/get-started/token-formats
    refine: (verdict, { status }, value) =>
      verdict === "refused" && status >= 400 && !value.startsWith("cfut_") ? "unclear" : verdict,
    learn: async ({ body }) => ({ expires: at(await body(), "result.expires_on") }),
  },
  {
    // https://docs.github.com/en/rest/users/users#get-the-authenticated-user: fine-grained tokens need no
    // permission for it. https://docs.github.com/en/rest/authentication/authenticating-to-the-rest-api
    // https://github.blog/changelog/2021-07-26-expiration-options-for-personal-access-tokens/
    key: "GITHUB_TOKEN",
    name: "GitHub",
    url: "https://api.github.com/user",
    headers: (value) => ({
      ...bearer(value),
      Accept: "application/vnd.github+json",
      "X-GitHub-Api-Version": "2022-11-28",
    }),
    errors: {
      message: {
        refused: ["Bad credentials"],
        // A token of an app's installation, which stands for no person.
        restricted: [/^Resource not accessible/],
        // "… an IP allow list enabled, and your IP address is not permitted to access this resource."
        place: [/^Although you appear to have the correct authorization credentials,.* IP allow list/],
        settings: [/^Resource protected by organization SAML enforcement/, /account was suspended/],
        // The second is what everybody gets for a while after several bad tokens.
        busy: [/rate limit/, /^Maximum number of login attempts exceeded/],
      },
    },
    async learn({ headers, body }) {
      const expires = headers.get("github-authentication-token-expiration");
      return { account: at(await body(), "login"), expires };
    },
  },
  {
    // https://docs.stripe.com/api/balance/balance_retrieve, https://docs.stripe.com/api/errors
    // https://docs.stripe.com/error-codes, https://docs.stripe.com/keys#limit-api-secret-keys-ip-address
    key: "STRIPE_SECRET_KEY",
    name: "Stripe",
    url: "https://api.stripe.com/v1/balance",
    headers: bearer,
    errors: {
      // The last: of a publishable key, which can do nothing here.
      "error.code": { refused: ["api_key_expired", "platform_api_key_expired", "secret_key_required"] },
      // It has no code for a wrong key.
      "error.message": {
        refused: [/^Invalid API Key provided\b/],
        place: [/^The API key provided does not allow requests from your IP address/],
      },
    },
    async refine(verdict, { status, body }) {
      if (status === 402) return "unclear";
      if (status !== 403 || verdict !== "unclear") return verdict;
      // "The API key doesn't have permissions": a restricted one, without the right to see the balance.
      const [type] = valuesAt(await body(), ["error", "type"]);
      return type === "invalid_request_error" ? "restricted" : verdict;
    },
    async learn({ body }) {
      const live = at(await body(), "livemode");
      return { account: typeof live === "boolean" ? (live ? "Live mode" : "Test mode") : undefined };
    },
  },
  {
    // https://vercel.com/docs/rest-api/user/get-the-user, https://vercel.com/docs/rest-api/errors
    key: "VERCEL_TOKEN",
    name: "Vercel",
    url: "https://api.vercel.com/v2/user",
    headers: bearer,
    errors: {
      // Bad tokens are told apart from those of a single project or team, which may not see the person.
      "error.invalidToken": { refused: [true] },
      // The team wants a new sign-in at its identity provider.
      "error.saml": { settings: [true] },
      "error.code": { settings: ["not_authorized_for_scope"] },
    },
    learn: accountAt("user.username"),
  },
  {
    // https://open-api.netlify.com/#tag/user/operation/getCurrentUser
    key: "NETLIFY_AUTH_TOKEN",
    name: "Netlify",
    url: "https://api.netlify.com/api/v1/user",
    headers: bearer,
    errors: { code: { refused: [401] } },
    learn: accountAt("full_name"),
  },
  {
    // https://resend.com/docs/api-reference/domains/list-domains, https://resend.com/docs/api-reference/errors
    key: "RESEND_API_KEY",
    name: "Resend",
    url: "https://api.resend.com/domains",
    headers: bearer,
    errors: {
      // Only for sending, which is what most keys are for.
      name: { restricted: ["restricted_api_key"], refused: ["invalid_api_key"] },
      // By now it says "validation_error", as of any bad field.
      message: { refused: [/^API key is invalid\.?$/] },
    },
  },
  {
    // https://www.twilio.com/docs/sendgrid/api-reference/api-key-permissions: any key may see its own scopes.
    // https://support.sendgrid.com/hc/en-us/articles/16599001560347
    key: "SENDGRID_API_KEY",
    name: "SendGrid",
    url: "https://api.sendgrid.com/v3/scopes",
    elsewhere: "https://api.eu.sendgrid.com/v3/scopes",
    headers: bearer,
    errors: {
      "errors.*.message": {
        refused: ["The provided authorization grant is invalid, expired, or revoked"],
        place: [/\bIP\b.*\b(?:allow|white)-?listed\b/i],
      },
    },
  },
  {
    // https://postmarkapp.com/developer/api/server-api, https://postmarkapp.com/developer/api/overview#error-codes
    key: "POSTMARK_SERVER_TOKEN",
    name: "Postmark",
    url: "https://api.postmarkapp.com/server",
    headers: (value) => ({ "X-Postmark-Server-Token": value }),
    errors: { ErrorCode: { refused: [10] } },
    learn: accountAt("Name"),
  },
  slack("SLACK_BOT_TOKEN"),
  slack("SLACK_USER_TOKEN"),
  {
    // https://developers.notion.com/reference/get-self, https://developers.notion.com/reference/status-codes
    key: "NOTION_API_KEY",
    name: "Notion",
    url: "https://api.notion.com/v1/users/me",
    headers: (value) => ({ ...bearer(value), "Notion-Version": "2022-06-28" }),
    errors: { code: { refused: ["unauthorized"], restricted: ["restricted_resource"] } },
    // The integration's name, where there is no workspace's: https://developers.notion.com/reference/user
    learn: accountAt("bot.workspace_name", "name"),
  },
];
