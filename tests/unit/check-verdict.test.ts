import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { ANTHROPIC_ERRORS } from "../../lib/vault/check/anthropic.ts";
import { checkKey } from "../../lib/vault/check/check-key.ts";
import { PROVIDERS } from "../../lib/vault/check/providers.ts";
import { verdictOf } from "../../lib/vault/check/verdict.ts";

// What answers mean for a key, by the documented codes of each provider. How they arrive is check-key.test.ts's.

beforeEach(() => {
  vi.stubEnv("NEXT_PUBLIC_SUPABASE_URL", "http://127.0.0.1:9");
  vi.stubEnv("NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY", "publishable");
  vi.stubEnv("SUPABASE_SECRET_KEY", "sb_secret_of_the_environment");
  vi.stubEnv("VAULT_MASTER_KEY", "f".repeat(64));
});

const VALUE = "cfut_0123456789abcdef";

/** What is said of a key whose provider answers this. */
const check = (key: string, status: number, body: string) =>
  checkKey(key, VALUE, {
    fetch: async () => new Response(body, { status, headers: { "Content-Type": "application/json" } }),
  });

/** The result, and how its sentence is known. */
const MEANS = {
  works: ["works", /accepts this key\.$/],
  restricted: ["works", /for some of its functions/],
  refused: ["refused", /rejects this key\. Replace it\.$/],
  "no credit": ["no_credit", /no credit left for it\. Add credit/],
  "wrong or place": ["unreachable", /wrong, or restricted to other addresses\. Check both/],
  place: ["unreachable", /this server's network or region, so this key couldn't be checked\. Try it/],
  region: ["unreachable", /only at another region's address\. Use that address/],
  settings: ["unreachable", /its restrictions or its account don't allow this request\. Check both/],
  busy: ["unreachable", /is limiting requests right now, .* Try again/],
  down: ["unreachable", /is having problems right now, .* Try again/],
  unclear: ["unreachable", /didn't say whether it accepts this key\. Try again/],
} as const;

const google = (reason: string) => ({
  error: {
    code: 403,
    status: "PERMISSION_DENIED",
    details: [
      { "@type": "type.googleapis.com/google.rpc.LocalizedMessage", locale: "en-US" },
      { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason, domain: "googleapis.com" },
    ],
  },
});
const slack = (error: string) => ({ ok: false, error });
const stripe = (message: string, code?: string) => ({
  error: { message, type: "invalid_request_error", ...(code && { code }) },
});
const cloudflare = (code: number, message: string) => ({
  success: false,
  errors: [{ code, message }],
  result: null,
});

const ROWS: [key: string, status: number, body: unknown, meaning: keyof typeof MEANS][] = [
  ["ANTHROPIC_API_KEY", 401, { type: "error", error: { type: "authentication_error" } }, "refused"],
  ["ANTHROPIC_API_KEY", 403, { error: { type: "forbidden", message: "Request not allowed" } }, "place"],
  [
    "ANTHROPIC_API_KEY",
    403,
    { error: { type: "permission_error", error_code: "tenant_restriction_violation" } },
    "place",
  ],
  ["ANTHROPIC_API_KEY", 403, { error: { type: "permission_error", message: "No access." } }, "settings"],
  [
    "ANTHROPIC_API_KEY",
    400,
    { error: { type: "invalid_request_error", message: "This organization has been disabled." } },
    "settings",
  ],
  ["ANTHROPIC_API_KEY", 402, { error: { type: "billing_error" } }, "no credit"],
  [
    "ANTHROPIC_API_KEY",
    429,
    { error: { type: "rate_limit_error", details: { error_code: "enforced_spend_limit_reached" } } },
    "no credit",
  ],
  ["ANTHROPIC_API_KEY", 529, { error: { type: "overloaded_error" } }, "down"],
  // Gateways say the same in other words.
  [
    "ANTHROPIC_API_KEY",
    403,
    { error: { message: "Key limit exceeded (total limit).", code: 403 } },
    "no credit",
  ],
  [
    "ANTHROPIC_API_KEY",
    401,
    { error: { message: "API key reached its usage limit", code: "invalid_api_key" } },
    "no credit",
  ],
  ["ANTHROPIC_API_KEY", 402, { error: { type: "invalid_request_error", message: "Pay." } }, "no credit"],
  [
    "ANTHROPIC_API_KEY",
    400,
    { error: { type: "auth_error", message: "ExceededBudget: User=x over budget. Spend: 2, Budget: 1" } },
    "no credit",
  ],
  ["ANTHROPIC_API_KEY", 429, { error: { message: "Crossed budget for team" } }, "no credit"],
  [
    "ANTHROPIC_API_KEY",
    429,
    { error: { message: "Insufficient balance or no resource package." } },
    "no credit",
  ],
  ["ANTHROPIC_API_KEY", 403, { error: { code: "insufficient_user_quota" } }, "no credit"],
  ["ANTHROPIC_API_KEY", 403, { error: { type: "customer_verification_required" } }, "settings"],
  [
    "ANTHROPIC_API_KEY",
    400,
    { error: { message: "You have reached your specified API usage limits." } },
    "no credit",
  ],
  // A gateway's own words, as of LiteLLM: not Anthropic's codes.
  ["ANTHROPIC_API_KEY", 401, { error: { type: "auth_error", code: "401" } }, "unclear"],
  ["OPENAI_API_KEY", 401, { error: { code: "invalid_api_key" } }, "refused"],
  ["OPENAI_API_KEY", 401, { error: { code: "account_deactivated" } }, "refused"],
  [
    "OPENAI_API_KEY",
    401,
    { error: { type: "invalid_request_error", code: "incorrect_hostname", param: null }, status: 401 },
    "region",
  ],
  ["OPENAI_API_KEY", 401, { error: { code: "ip_not_authorized" } }, "place"],
  ["OPENAI_API_KEY", 403, { error: { code: "unsupported_country_region_territory" } }, "place"],
  ["OPENAI_API_KEY", 401, { error: { code: "missing_scope" } }, "restricted"],
  ["OPENAI_API_KEY", 403, { error: { code: "missing_scope" } }, "restricted"],
  ["OPENAI_API_KEY", 401, { error: { code: "mismatched_organization" } }, "unclear"],
  ["OPENAI_API_KEY", 401, { error: { code: null, message: "You must be a member of…" } }, "unclear"],
  ["OPENAI_API_KEY", 429, { error: { code: "insufficient_quota" } }, "no credit"],
  ["OPENAI_API_KEY", 429, { error: { code: "rate_limit_exceeded" } }, "busy"],
  ["GEMINI_API_KEY", 400, google("API_KEY_INVALID"), "refused"],
  ["GEMINI_API_KEY", 403, google("API_KEY_IP_ADDRESS_BLOCKED"), "place"],
  ["GEMINI_API_KEY", 403, google("SECURITY_POLICY_VIOLATED"), "place"],
  ["GEMINI_API_KEY", 403, google("API_KEY_HTTP_REFERRER_BLOCKED"), "settings"],
  ["GEMINI_API_KEY", 403, google("API_KEY_ANDROID_APP_BLOCKED"), "settings"],
  ["GEMINI_API_KEY", 403, google("API_KEY_IOS_APP_BLOCKED"), "settings"],
  ["GEMINI_API_KEY", 403, google("API_KEY_SERVICE_BLOCKED"), "settings"],
  ["GEMINI_API_KEY", 403, google("SERVICE_DISABLED"), "settings"],
  ["GEMINI_API_KEY", 403, google("CONSUMER_SUSPENDED"), "settings"],
  ["GEMINI_API_KEY", 403, google("SOMETHING_NEW"), "unclear"],
  ["GEMINI_API_KEY", 401, google("ACCESS_TOKEN_TYPE_UNSUPPORTED"), "unclear"],
  [
    "GEMINI_API_KEY",
    400,
    {
      error: {
        message: "User location is not supported for the API use.",
        status: "FAILED_PRECONDITION",
      },
    },
    "place",
  ],
  ["GEMINI_API_KEY", 400, { error: { status: "FAILED_PRECONDITION" } }, "settings"],
  ["MISTRAL_API_KEY", 401, { detail: "Unauthorized" }, "refused"],
  ["MISTRAL_API_KEY", 401, { message: "Unauthorized", request_id: "c61f" }, "refused"],
  ["MISTRAL_API_KEY", 401, { object: "error", type: "authentication_error" }, "refused"],
  ["MISTRAL_API_KEY", 403, { message: "Forbidden" }, "unclear"],
  ["MISTRAL_API_KEY", 402, { detail: "Payment required" }, "no credit"],
  ["GROQ_API_KEY", 401, { error: { code: "invalid_api_key" } }, "refused"],
  ["GROQ_API_KEY", 400, { error: { code: "organization_restricted" } }, "settings"],
  [
    "GROQ_API_KEY",
    403,
    { error: { message: "Access denied. Please check your network settings." } },
    "place",
  ],
  ["GROQ_API_KEY", 403, { error: { message: "Access denied" } }, "unclear"],
  ["OPENROUTER_API_KEY", 401, { error: { message: "User not found.", code: 401 } }, "refused"],
  ["OPENROUTER_API_KEY", 403, { error: { message: "Blocked", code: 403 } }, "unclear"],
  ["OPENROUTER_API_KEY", 402, { error: { code: 402 } }, "no credit"],
  ["OPENROUTER_API_KEY", 200, { data: { limit: null, limit_remaining: null } }, "works"],
  ["OPENROUTER_API_KEY", 200, { data: { limit: 5, limit_remaining: 0.5 } }, "works"],
  ["OPENROUTER_API_KEY", 200, { data: { limit: 5, limit_remaining: 0 } }, "no credit"],
  ["OPENROUTER_API_KEY", 200, { data: { is_management_key: true, limit_remaining: null } }, "restricted"],
  ["OPENROUTER_API_KEY", 200, { data: { is_provisioning_key: true } }, "restricted"],
  ["DEEPSEEK_API_KEY", 401, { error: { type: "authentication_error" } }, "refused"],
  ["DEEPSEEK_API_KEY", 402, { error: { message: "Insufficient Balance" } }, "no credit"],
  ["DEEPSEEK_API_KEY", 200, { is_available: true }, "works"],
  ["DEEPSEEK_API_KEY", 200, { is_available: false }, "no credit"],
  ["HF_TOKEN", 401, { error: "Invalid username or password." }, "refused"],
  ["HF_TOKEN", 401, { error: "Invalid credentials in Authorization header" }, "refused"],
  ["HF_TOKEN", 401, { error: 'User Access Token "laptop" is expired' }, "refused"],
  ["HF_TOKEN", 403, { error: "Your organization restricts access to its IP ranges" }, "unclear"],
  ["XAI_API_KEY", 400, { code: "…", error: "Incorrect API key provided: ab***yz. You can…" }, "refused"],
  ["XAI_API_KEY", 400, { error: "Incorrect%20API%20key%20provided:%20ab***yz." }, "refused"],
  ["XAI_API_KEY", 400, { code: "Client specified an invalid argument", error: "Bad argument" }, "unclear"],
  ["XAI_API_KEY", 403, { code: "permission-denied", error: "Your team is not allowed" }, "unclear"],
  ["XAI_API_KEY", 200, { api_key_blocked: false, api_key_disabled: false, team_blocked: false }, "works"],
  ["XAI_API_KEY", 200, { api_key_blocked: false, api_key_disabled: true, team_blocked: false }, "refused"],
  ["XAI_API_KEY", 200, { api_key_blocked: true }, "refused"],
  ["XAI_API_KEY", 200, { team_blocked: true }, "refused"],
  [
    "REPLICATE_API_TOKEN",
    401,
    { title: "Unauthenticated", detail: "You did not pass a valid authentication token", status: 401 },
    "refused",
  ],
  [
    "REPLICATE_API_TOKEN",
    401,
    { title: "Unauthenticated", detail: "You did not pass an authentication token", status: 401 },
    "unclear",
  ],
  ["AI_GATEWAY_API_KEY", 401, { error: { type: "authentication_error" } }, "refused"],
  ["AI_GATEWAY_API_KEY", 200, { balance: "0", total_used: "0" }, "works"],
  ["CLOUDFLARE_API_TOKEN", 401, cloudflare(1000, "Invalid API Token"), "refused"],
  [
    "CLOUDFLARE_API_TOKEN",
    403,
    cloudflare(9109, "Cannot use the access token from location: 192.0.2.1"),
    "place",
  ],
  ["CLOUDFLARE_API_TOKEN", 403, cloudflare(9109, "Unauthorized to access requested resource"), "unclear"],
  ["CLOUDFLARE_API_TOKEN", 400, cloudflare(6003, "Invalid request headers"), "unclear"],
  ["CLOUDFLARE_API_TOKEN", 200, { success: true, result: { status: "active" } }, "works"],
  ["CLOUDFLARE_API_TOKEN", 200, { success: true, result: { status: "expired" } }, "refused"],
  ["CLOUDFLARE_API_TOKEN", 200, { success: true, result: { status: "disabled" } }, "refused"],
  ["CLOUDFLARE_API_TOKEN", 200, { success: true }, "unclear"],
  ["GITHUB_TOKEN", 401, { message: "Bad credentials", status: "401" }, "refused"],
  ["GITHUB_TOKEN", 401, { message: "Requires authentication" }, "unclear"],
  ["GITHUB_TOKEN", 403, { message: "Resource not accessible by integration" }, "restricted"],
  [
    "GITHUB_TOKEN",
    403,
    {
      message:
        "Although you appear to have the correct authorization credentials, the `acme` organization has an IP allow list enabled, and your IP address is not permitted to access this resource.",
    },
    "place",
  ],
  [
    "GITHUB_TOKEN",
    403,
    { message: "Resource protected by organization SAML enforcement. You must grant…" },
    "settings",
  ],
  ["GITHUB_TOKEN", 403, { message: "Sorry. Your account was suspended." }, "settings"],
  ["GITHUB_TOKEN", 403, { message: "API rate limit exceeded for user ID 1." }, "busy"],
  ["GITHUB_TOKEN", 403, { message: "You have exceeded a secondary rate limit." }, "busy"],
  ["GITHUB_TOKEN", 403, { message: "Maximum number of login attempts exceeded." }, "busy"],
  ["STRIPE_SECRET_KEY", 401, stripe("Invalid API Key provided: sk_test_***abc"), "refused"],
  ["STRIPE_SECRET_KEY", 401, stripe("Expired API Key provided", "api_key_expired"), "refused"],
  ["STRIPE_SECRET_KEY", 403, stripe("This call needs a secret key", "secret_key_required"), "refused"],
  [
    "STRIPE_SECRET_KEY",
    403,
    stripe("The API key provided does not allow requests from your IP address."),
    "place",
  ],
  [
    "STRIPE_SECRET_KEY",
    401,
    stripe("The API key provided does not allow requests from your IP address (192.0.2.1)."),
    "place",
  ],
  ["STRIPE_SECRET_KEY", 403, stripe("The provided key 'rk_test_***' does not have…"), "restricted"],
  ["STRIPE_SECRET_KEY", 403, { error: "Blocked by a proxy" }, "unclear"],
  ["STRIPE_SECRET_KEY", 401, stripe("You did not provide an API key."), "unclear"],
  ["STRIPE_SECRET_KEY", 402, { error: {} }, "unclear"],
  ["VERCEL_TOKEN", 403, { error: { code: "forbidden", invalidToken: true } }, "refused"],
  ["VERCEL_TOKEN", 403, { error: { code: "forbidden", saml: true, teamId: "team_1" } }, "settings"],
  ["VERCEL_TOKEN", 403, { error: { code: "not_authorized_for_scope" } }, "settings"],
  ["VERCEL_TOKEN", 403, { error: { code: "forbidden" } }, "unclear"],
  ["NETLIFY_AUTH_TOKEN", 401, { code: 401, message: "Access Denied" }, "refused"],
  ["NETLIFY_AUTH_TOKEN", 403, { code: 403, message: "Forbidden" }, "unclear"],
  ["RESEND_API_KEY", 400, { name: "validation_error", message: "API key is invalid" }, "refused"],
  ["RESEND_API_KEY", 403, { name: "invalid_api_key", message: "API key is invalid." }, "refused"],
  ["RESEND_API_KEY", 401, { name: "restricted_api_key" }, "restricted"],
  ["RESEND_API_KEY", 400, { name: "validation_error", message: "Bad field" }, "unclear"],
  ["RESEND_API_KEY", 401, { name: "missing_api_key" }, "unclear"],
  ["RESEND_API_KEY", 403, { error_code: 1010 }, "unclear"],
  [
    "SENDGRID_API_KEY",
    401,
    { errors: [{ message: "The provided authorization grant is invalid, expired, or revoked" }] },
    "refused",
  ],
  ["SENDGRID_API_KEY", 403, { errors: [{ message: "access forbidden" }] }, "unclear"],
  ["SENDGRID_API_KEY", 403, { errors: [{ message: "Your IP Address is not whitelisted" }] }, "place"],
  ["POSTMARK_SERVER_TOKEN", 401, { ErrorCode: 10, Message: "No valid Server token." }, "refused"],
  ["POSTMARK_SERVER_TOKEN", 422, { ErrorCode: 412, Message: "Account is Pending" }, "unclear"],
  ["SLACK_BOT_TOKEN", 200, { ok: true }, "works"],
  ["SLACK_BOT_TOKEN", 200, slack("token_revoked"), "refused"],
  ["SLACK_BOT_TOKEN", 200, slack("token_expired"), "refused"],
  ["SLACK_USER_TOKEN", 200, slack("account_inactive"), "refused"],
  ["SLACK_BOT_TOKEN", 200, slack("invalid_auth"), "wrong or place"],
  ["SLACK_BOT_TOKEN", 200, slack("accesslimited"), "place"],
  ["SLACK_BOT_TOKEN", 200, slack("not_allowed_token_type"), "settings"],
  ["SLACK_BOT_TOKEN", 200, slack("team_access_not_granted"), "settings"],
  ["SLACK_BOT_TOKEN", 200, slack("access_denied"), "settings"],
  ["SLACK_BOT_TOKEN", 200, slack("enterprise_is_restricted"), "settings"],
  ["SLACK_BOT_TOKEN", 200, slack("ekm_access_denied"), "settings"],
  ["SLACK_BOT_TOKEN", 200, slack("org_login_required"), "down"],
  ["SLACK_BOT_TOKEN", 200, slack("internal_error"), "down"],
  ["SLACK_BOT_TOKEN", 200, slack("ratelimited"), "busy"],
  ["SLACK_BOT_TOKEN", 200, slack("not_authed"), "unclear"],
  ["SLACK_BOT_TOKEN", 200, slack("something_new"), "unclear"],
  ["SLACK_BOT_TOKEN", 200, "ok", "unclear"],
  ["NOTION_API_KEY", 401, { object: "error", code: "unauthorized" }, "refused"],
  ["NOTION_API_KEY", 403, { code: "restricted_resource" }, "restricted"],
];

describe("the documented answers", () => {
  it.each(ROWS)("%s: %i with %j means: %s", async (key, status, body, meaning) => {
    const { result, detail } = await check(key, status, JSON.stringify(body));
    const [expected, sentence] = MEANS[meaning];
    expect(result).toBe(expected);
    expect(detail).toMatch(sentence);
    expect(detail).toMatch(/^\S[^\n]*this key[^\n]*\.$/);
  });

  it("have a refusal for every provider", () => {
    const refusing = new Set(ROWS.filter(([, , , meaning]) => meaning === "refused").map(([key]) => key));
    expect(PROVIDERS.map(({ key }) => key).filter((key) => !refusing.has(key))).toEqual([]);
  });

  it("of Anthropic are read without an HTTP status as well, as in a stream that turns into an error", () => {
    expect(verdictOf({ type: "error", error: { type: "authentication_error" } }, ANTHROPIC_ERRORS)).toBe(
      "refused",
    );
    expect(verdictOf({ type: "error", error: { type: "forbidden" } }, ANTHROPIC_ERRORS)).toBe("place");
    expect(verdictOf({ type: "error", error: { type: "new_error" } }, ANTHROPIC_ERRORS)).toBeUndefined();
  });

  it.each(["OPENROUTER_API_KEY", "DEEPSEEK_API_KEY", "XAI_API_KEY"])(
    "%s: a success is nothing where it cannot be read",
    async (key) => {
      expect(await check(key, 200, '{"is_available": tr')).toMatchObject({ result: "unreachable" });
      expect(await check(key, 200, "{}")).toMatchObject({ result: "works" });
    },
  );

  it("count as a refusal last, where one holds several codes", async () => {
    const both = { error: { details: [{ reason: "API_KEY_INVALID" }, { reason: "SERVICE_DISABLED" }] } };
    expect(await check("GEMINI_API_KEY", 403, JSON.stringify(both))).toMatchObject({ result: "unreachable" });
  });
});

/** All that may refuse a key, written down a second time: what is added to a table must be added here. */
const REFUSALS: Record<string, RegExp> = {
  ANTHROPIC_API_KEY: /^authentication_error$/,
  OPENAI_API_KEY: /^(invalid_api_key|account_deactivated)$/,
  GEMINI_API_KEY: /^API_KEY_INVALID$/,
  MISTRAL_API_KEY: /^(Unauthorized|authentication_error)$/,
  GROQ_API_KEY: /^invalid_api_key$/,
  OPENROUTER_API_KEY: /^401$/,
  DEEPSEEK_API_KEY: /^authentication_error$/,
  HF_TOKEN: /^(Invalid credentials in|Invalid username or|User Access Token )/,
  XAI_API_KEY: /^(Incorrect( |%20)API|true$)/,
  REPLICATE_API_TOKEN: /^Unauthenticated$/,
  AI_GATEWAY_API_KEY: /^authentication_error$/,
  CLOUDFLARE_API_TOKEN: /^(1000|disabled|expired)$/,
  GITHUB_TOKEN: /^Bad credentials$/,
  STRIPE_SECRET_KEY: /^(Invalid API Key provided|(platform_)?api_key_expired$|secret_key_required$)/,
  VERCEL_TOKEN: /^true$/,
  NETLIFY_AUTH_TOKEN: /^401$/,
  RESEND_API_KEY: /^(invalid_api_key$|API key is invalid)/,
  SENDGRID_API_KEY: /^The provided authorization grant is invalid/,
  POSTMARK_SERVER_TOKEN: /^10$/,
  SLACK_BOT_TOKEN: /^(account_inactive|token_expired|token_revoked)$/,
  SLACK_USER_TOKEN: /^(account_inactive|token_expired|token_revoked)$/,
  NOTION_API_KEY: /^unauthorized$/,
};

/** The values at the ends of JSON. */
const leaves = (json: unknown): unknown[] =>
  typeof json === "object" && json !== null ? Object.values(json).flatMap(leaves) : [json];

/** The same JSON with other values at its ends. */
const replaceLeaves = (json: unknown, replace: (leaf: unknown) => unknown): unknown => {
  if (Array.isArray(json)) return json.map((item) => replaceLeaves(item, replace));
  if (typeof json !== "object" || json === null) return replace(json);
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => [name, replaceLeaves(value, replace)]),
  );
};

describe("what is almost a refusal", () => {
  it.each(ROWS.filter(([, , , meaning]) => meaning === "refused"))(
    "%s: %i with %j, changed",
    async (key, status, body) => {
      const code = REFUSALS[key] ?? /^$/;
      const others: ((leaf: unknown) => unknown)[] = [
        (leaf) => `not ${leaf}`,
        (leaf) => (code.test(`${leaf}_`) ? "" : `${leaf}_`),
        (leaf) => (typeof leaf === "string" ? leaf.toUpperCase().replaceAll("_", "-") : String(leaf)),
        (leaf) => [leaf],
        (leaf) => ({ code: leaf }),
        () => null,
        () => 1,
      ];
      for (const other of others) {
        const changed = replaceLeaves(body, (leaf) => (code.test(String(leaf)) ? other(leaf) : leaf));
        const shown = JSON.stringify(changed);
        expect((await check(key, status, shown)).result, shown).not.toBe("refused");
      }
      expect((await check(key, 503, JSON.stringify(body))).result).not.toBe("refused");
    },
  );
});

// Bodies of the shapes that errors have, with everybody's codes in everybody's members.
const members = [
  ...new Set(
    PROVIDERS.flatMap(({ errors, successes }) => Object.keys({ ...errors, ...successes }))
      .flatMap((path) => path.split("."))
      .filter((name) => name !== "*"),
  ),
];
const codes = [...new Set(ROWS.flatMap(([, , body]) => leaves(body)))];
const { body } = fc.letrec<{ body: unknown }>((tie) => ({
  body: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    fc.constantFrom(...codes),
    fc.jsonValue(),
    fc.dictionary(fc.constantFrom(...members, "__proto__", "constructor"), tie("body"), { maxKeys: 5 }),
    fc.array(tie("body"), { maxLength: 3 }),
  ),
}));
const status = fc.oneof(
  fc.constantFrom(200, 400, 401, 402, 403, 404, 422, 429, 451, 500, 503, 529),
  fc.integer({ min: 206, max: 599 }).filter((code) => code !== 304),
);

describe.each(PROVIDERS.map(({ key }) => key))("%s, whatever it is answered", (key) => {
  it("is refused only for a listed code, outside of an outage, and something is always said", async () => {
    await fc.assert(
      fc.asyncProperty(status, body, async (code, json) => {
        const { result, detail } = await check(key, code, JSON.stringify(json));
        expect(detail).toMatch(/\.$/);
        if (result !== "refused") return;
        expect(code).toBeLessThan(500);
        expect(leaves(json).some((leaf) => REFUSALS[key]?.test(String(leaf)))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("is not refused by text that is no JSON, or too much of it", async () => {
    const [, , refusal] = ROWS.find(([row, , , meaning]) => row === key && meaning === "refused") ?? [];
    const long = JSON.stringify({ ...(refusal as object), padding: " ".repeat(9_000) });
    const texts = fc.oneof(fc.string(), fc.constant(`${JSON.stringify(refusal)}<br>`), fc.constant(long));
    await fc.assert(
      fc.asyncProperty(status, texts, async (code, text) => {
        expect((await check(key, code, text)).result).not.toBe("refused");
      }),
      { numRuns: 100 },
    );
  });
});
