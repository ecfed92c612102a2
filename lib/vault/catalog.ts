import type { Category } from "./types";

/** What is known about a key that many people use. */
export interface CatalogEntry {
  key: string;
  category: Category;
  /** What it is, for the suggestions list: the provider, and after a comma which of its keys. */
  label: string;
  /** The provider's page where one gets it. */
  url: string;
  /**
   * The value is a one-line token: it becomes an HTTP header, or is written like one, in printable ASCII without
   * spaces. Only a token is stored without the white space around it.
   */
  isToken: boolean;
  /** Without a person's or a team's key, the platform's environment variable may be used. */
  mayFallBackToEnv: boolean;
  /** What values of this key begin with; `detectProvider` knows them by it. */
  prefixes: readonly string[];
  /** What every value looks like. Only where that is documented; absent where older values look otherwise. */
  format?: RegExp;
  /** The format in words, to follow "a value for this key". */
  formatHint?: string;
}

interface Details {
  isToken?: boolean;
  mayFallBackToEnv?: boolean;
  /** Prefixes, one of which every value has: they are the format. */
  begins?: string[];
  /** Prefixes that tell a value, without which another one is no less valid. */
  mayBegin?: string[];
  /** A format that is more than a choice of prefixes, and the same in words. */
  format?: [pattern: RegExp, hint: string];
}

function entry(
  key: string,
  category: Category,
  label: string,
  url: string,
  { begins = [], mayBegin = [], format, isToken = true, mayFallBackToEnv = false }: Details = {},
): CatalogEntry {
  const known = {
    key,
    category,
    label,
    url,
    isToken,
    mayFallBackToEnv,
    prefixes: [...begins, ...mayBegin],
  };
  if (format) return { ...known, format: format[0], formatHint: format[1] };
  if (begins.length === 0) return known;
  const choices = begins.map((prefix) => prefix.replaceAll(".", "\\."));
  return {
    ...known,
    format: new RegExp(`^(?:${choices.join("|")})`),
    formatHint: `begins with ${listOr(begins)}`,
  };
}

const listOr = (words: readonly string[]) => words.join(", ").replace(/, ([^,]*)$/, " or $1");

/**
 * Known keys, the likeliest first within a category. A key that is not listed can be stored all the same.
 *
 * The comments name the source of a format. Lengths are left alone: providers change them without notice.
 */
export const CATALOG: readonly CatalogEntry[] = [
  // platform.claude.com/docs: keys of the API are sk-ant-api…, those of the Admin API sk-ant-admin…
  entry("ANTHROPIC_API_KEY", "LLM", "Anthropic", "https://console.anthropic.com/settings/keys", {
    mayFallBackToEnv: true,
    begins: ["sk-ant-"],
  }),
  // platform.openai.com/docs: sk-proj-… of a project, sk-svcacct-… of a service account, sk-… of a person
  // (legacy). Others have taken "sk-" over, so that the two known ones are left out.
  entry("OPENAI_API_KEY", "LLM", "OpenAI", "https://platform.openai.com/api-keys", {
    mayBegin: ["sk-proj-", "sk-svcacct-", "sk-"],
    format: [/^sk-(?!ant-|or-)/, "begins with sk-"],
  }),
  // ai.google.dev/gemini-api/docs/api-key: standard keys are AIza…, the auth keys of 2026 AQ.…
  entry("GEMINI_API_KEY", "LLM", "Google Gemini", "https://aistudio.google.com/apikey", {
    begins: ["AIza", "AQ."],
  }),
  entry("MISTRAL_API_KEY", "LLM", "Mistral", "https://console.mistral.ai/api-keys"),
  // nango.dev/docs/api-integrations/groqcloud
  entry("GROQ_API_KEY", "LLM", "Groq", "https://console.groq.com/keys", { begins: ["gsk_"] }),
  // openrouter.ai/docs: sk-or-v1-…
  entry("OPENROUTER_API_KEY", "LLM", "OpenRouter", "https://openrouter.ai/settings/keys", {
    begins: ["sk-or-"],
  }),
  entry("DEEPSEEK_API_KEY", "LLM", "DeepSeek", "https://platform.deepseek.com/api_keys"),
  // huggingface.co/docs/huggingface.js
  entry("HF_TOKEN", "LLM", "Hugging Face", "https://huggingface.co/settings/tokens", { begins: ["hf_"] }),
  // docs.rs/api_xai: "must start with xai-"
  entry("XAI_API_KEY", "LLM", "xAI", "https://console.x.ai", { begins: ["xai-"] }),
  entry("PERPLEXITY_API_KEY", "LLM", "Perplexity", "https://www.perplexity.ai/account/api/keys", {
    mayBegin: ["pplx-"],
  }),
  // replicate.com/docs/topics/security/api-tokens: "always start with r8_"
  entry("REPLICATE_API_TOKEN", "LLM", "Replicate", "https://replicate.com/account/api-tokens", {
    begins: ["r8_"],
  }),
  entry("COHERE_API_KEY", "LLM", "Cohere", "https://dashboard.cohere.com/api-keys"),
  // vercel.com/changelog/new-token-formats-and-secret-scanning; earlier keys have no prefix.
  entry("AI_GATEWAY_API_KEY", "LLM", "Vercel, AI Gateway", "https://vercel.com/docs/ai-gateway", {
    mayBegin: ["vck_"],
  }),

  // supabase.com/docs/guides/api/api-keys: sb_secret_…, and until their end the service_role key, a JWT
  entry(
    "SUPABASE_SECRET_KEY",
    "Infrastructure",
    "Supabase, a project's secret key",
    "https://supabase.com/dashboard/project/_/settings/api-keys",
    {
      mayBegin: ["sb_secret_"],
      format: [/^(sb_secret_|eyJ)/, "begins with sb_secret_ (older ones with eyJ)"],
    },
  ),
  entry(
    "SUPABASE_PUBLISHABLE_KEY",
    "Infrastructure",
    "Supabase, a project's publishable key",
    "https://supabase.com/dashboard/project/_/settings/api-keys",
    {
      mayBegin: ["sb_publishable_"],
      format: [/^(sb_publishable_|eyJ)/, "begins with sb_publishable_ (older ones with eyJ)"],
    },
  ),
  // docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers: AKIA long-term, ASIA temporary
  entry(
    "AWS_ACCESS_KEY_ID",
    "Infrastructure",
    "AWS, access key ID",
    "https://console.aws.amazon.com/iam/home#/security_credentials",
    {
      mayBegin: ["AKIA", "ASIA"],
      format: [/^A[KS]IA[A-Z0-9]{16}$/, "is AKIA or ASIA and 16 capital letters and digits"],
    },
  ),
  entry(
    "AWS_SECRET_ACCESS_KEY",
    "Infrastructure",
    "AWS, secret access key",
    "https://console.aws.amazon.com/iam/home#/security_credentials",
  ),
  // cloud.google.com/iam/docs/keys-create-delete: the key file is a JSON object
  entry(
    "GOOGLE_APPLICATION_CREDENTIALS_JSON",
    "Infrastructure",
    "Google Cloud, a service account's JSON key",
    "https://console.cloud.google.com/iam-admin/serviceaccounts",
    { isToken: false, format: [/^\{[\s\S]*\}$/, "is a JSON object, from { to }"] },
  ),
  // developers.cloudflare.com/fundamentals/api/get-started/token-formats; earlier tokens have no prefix.
  entry(
    "CLOUDFLARE_API_TOKEN",
    "Infrastructure",
    "Cloudflare",
    "https://dash.cloudflare.com/profile/api-tokens",
    { mayBegin: ["cfut_", "cfat_"] },
  ),
  // github.blog/changelog/2021-03-31-authentication-token-format-updates-are-generally-available
  entry("GITHUB_TOKEN", "Infrastructure", "GitHub", "https://github.com/settings/tokens", {
    begins: ["ghp_", "github_pat_", "gho_", "ghu_", "ghs_"],
  }),
  // PEM: RFC 7468
  entry(
    "GITHUB_APP_PRIVATE_KEY",
    "Infrastructure",
    "GitHub, an app's private key",
    "https://github.com/settings/apps",
    {
      isToken: false,
      format: [/^-----BEGIN [A-Z ]*PRIVATE KEY-----/, "begins with -----BEGIN … PRIVATE KEY-----"],
    },
  ),
  // docs.gitlab.com/security/tokens; a self-managed GitLab may have a prefix of its own.
  entry(
    "GITLAB_TOKEN",
    "Infrastructure",
    "GitLab",
    "https://gitlab.com/-/user_settings/personal_access_tokens",
    { mayBegin: ["glpat-"] },
  ),
  // github.blog/changelog/2021-09-23-npm-has-a-new-access-token-format
  entry("NPM_TOKEN", "Infrastructure", "npm", "https://www.npmjs.com/settings/~/tokens", {
    begins: ["npm_"],
  }),
  // docs.stripe.com/keys: secret and restricted keys
  entry("STRIPE_SECRET_KEY", "Infrastructure", "Stripe", "https://dashboard.stripe.com/apikeys", {
    begins: ["sk_live_", "sk_test_", "rk_live_", "rk_test_"],
  }),
  // docs.stripe.com/webhooks
  entry(
    "STRIPE_WEBHOOK_SECRET",
    "Infrastructure",
    "Stripe, a webhook's signing secret",
    "https://dashboard.stripe.com/webhooks",
    { begins: ["whsec_"] },
  ),
  // RFC 3986: any scheme, because the name is used for other databases as well; or pairs of names and values, as
  // libpq and ADO.NET take them. Both may hold spaces.
  entry(
    "DATABASE_URL",
    "Infrastructure",
    "PostgreSQL connection string",
    "https://www.postgresql.org/docs/current/libpq-connect.html",
    {
      isToken: false,
      format: [/^[a-z][a-z0-9+.-]*:|^[a-z][\w ]*=/i, "begins with postgresql:// or another scheme"],
    },
  ),
  entry(
    "UPSTASH_REDIS_REST_TOKEN",
    "Infrastructure",
    "Upstash, Redis over REST",
    "https://console.upstash.com/redis",
  ),

  // vercel.com/changelog/new-token-formats-and-secret-scanning; earlier tokens have no prefix.
  entry("VERCEL_TOKEN", "Hosting", "Vercel", "https://vercel.com/account/settings/tokens", {
    mayBegin: ["vcp_"],
  }),
  entry("NETLIFY_AUTH_TOKEN", "Hosting", "Netlify", "https://app.netlify.com/user/applications", {
    mayBegin: ["nfp_"],
  }),
  // Holds a space: "FlyV1 …".
  entry("FLY_API_TOKEN", "Hosting", "Fly.io", "https://fly.io/user/personal_access_tokens", {
    isToken: false,
  }),
  entry("RAILWAY_TOKEN", "Hosting", "Railway", "https://railway.com/account/tokens"),
  entry("RENDER_API_KEY", "Hosting", "Render", "https://dashboard.render.com/u/settings#api-keys", {
    mayBegin: ["rnd_"],
  }),
  // Since April 2022: dop_v1_ personal, doo_v1_ OAuth; earlier tokens have no prefix.
  entry(
    "DIGITALOCEAN_ACCESS_TOKEN",
    "Hosting",
    "DigitalOcean",
    "https://cloud.digitalocean.com/account/api/tokens",
    { mayBegin: ["dop_v1_", "doo_v1_"] },
  ),
  entry("HEROKU_API_KEY", "Hosting", "Heroku", "https://dashboard.heroku.com/account"),

  // resend.com/docs: re_…
  entry("RESEND_API_KEY", "Email", "Resend", "https://resend.com/api-keys", { begins: ["re_"] }),
  // www.twilio.com/docs/sendgrid: SG.….…
  entry("SENDGRID_API_KEY", "Email", "Twilio SendGrid", "https://app.sendgrid.com/settings/api_keys", {
    begins: ["SG."],
  }),
  // Opaque, says postmarkapp.com/auth.md.
  entry("POSTMARK_SERVER_TOKEN", "Email", "Postmark", "https://account.postmarkapp.com/servers"),
  entry("MAILGUN_API_KEY", "Email", "Mailgun", "https://app.mailgun.com/settings/api_security"),
  entry("BREVO_API_KEY", "Email", "Brevo", "https://app.brevo.com/settings/keys/api", {
    mayBegin: ["xkeysib-"],
  }),

  // docs.slack.dev/authentication/tokens
  entry("SLACK_BOT_TOKEN", "General", "Slack, a bot's token", "https://api.slack.com/apps", {
    begins: ["xoxb-"],
  }),
  entry("SLACK_USER_TOKEN", "General", "Slack, a user's token", "https://api.slack.com/apps", {
    begins: ["xoxp-"],
  }),
  entry("SLACK_APP_TOKEN", "General", "Slack, an app-level token", "https://api.slack.com/apps", {
    begins: ["xapp-"],
  }),
  // docs.sentry.io/security-legal-pii/security/token-formats; earlier tokens have no prefix.
  entry("SENTRY_AUTH_TOKEN", "General", "Sentry", "https://sentry.io/settings/account/api/auth-tokens/", {
    mayBegin: ["sntrys_", "sntryu_"],
  }),
  // developers.notion.com: ntn_ since September 2024, secret_ before
  entry("NOTION_API_KEY", "General", "Notion", "https://www.notion.so/profile/integrations", {
    begins: ["ntn_", "secret_"],
  }),
  // docs.sim.ai/integrations/linear-service-account
  entry("LINEAR_API_KEY", "General", "Linear", "https://linear.app/settings/account/security", {
    begins: ["lin_api_"],
  }),
  // www.twilio.com/docs/glossary/what-is-a-sid
  entry("TWILIO_ACCOUNT_SID", "General", "Twilio, account SID", "https://console.twilio.com", {
    format: [/^AC[0-9a-f]{32}$/i, "is AC and 32 hexadecimal digits"],
  }),
  entry("TWILIO_AUTH_TOKEN", "General", "Twilio, auth token", "https://console.twilio.com"),
  // core.telegram.org/bots/api#authorizing-your-bot
  entry("TELEGRAM_BOT_TOKEN", "General", "Telegram, a bot's token", "https://t.me/BotFather", {
    format: [/^\d+:[\w-]+$/, "is digits, a colon and a code"],
  }),
];

const byKey = new Map(CATALOG.map((known) => [known.key, known]));

/** Who issues a key, e.g. "Anthropic". */
export const providerOf = ({ label }: CatalogEntry): string => label.split(",", 1)[0] ?? label;

/** The entry for a key name, undefined if it is not a known one. */
export function findCatalogEntry(key: string): CatalogEntry | undefined {
  return byKey.get(key);
}

/** Prefixes that others use as well: DeepSeek and many proxies, ordinary passwords, most webhooks. */
const SHARED_PREFIXES: ReadonlySet<string> = new Set(["sk-", "secret_", "whsec_"]);

/**
 * Whose key a value is, by what it begins with. The longest prefix wins, and of two entries with the same
 * prefix the first.
 *
 * @param certain leaves out the prefixes that more than one provider uses
 * @example detectProvider("sk-ant-api03-…")?.key // "ANTHROPIC_API_KEY"
 * @example detectProvider("sk-1234")?.key // "OPENAI_API_KEY", and with `certain` undefined
 */
export function detectProvider(value: string, certain = false): CatalogEntry | undefined {
  let found: CatalogEntry | undefined;
  let length = 0;
  for (const known of CATALOG) {
    for (const prefix of known.prefixes) {
      if (prefix.length <= length || !value.startsWith(prefix)) continue;
      if (certain && SHARED_PREFIXES.has(prefix)) continue;
      if (known.format && !known.format.test(value)) continue;
      found = known;
      length = prefix.length;
    }
  }
  return found;
}
