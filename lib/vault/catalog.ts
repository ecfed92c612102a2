import type { Category } from "./types.ts";

/** What is known about a key that many people use. */
export interface CatalogEntry {
  key: string;
  category: Category;
  /** What it is, for the suggestions list. */
  label: string;
  /** The provider's page where one gets it. */
  url: string;
  /** The value becomes an HTTP header, so it is one line of printable ASCII. */
  singleLine: boolean;
  /** Without a person's or a team's key, the platform's environment variable may be used. */
  mayFallBackToEnv: boolean;
}

const entry = (
  key: string,
  category: Category,
  label: string,
  url: string,
  extra: Partial<Pick<CatalogEntry, "singleLine" | "mayFallBackToEnv">> = {},
): CatalogEntry => ({ key, category, label, url, singleLine: true, mayFallBackToEnv: false, ...extra });

/** Known keys, the likeliest first within a category. A key that is not listed can be stored all the same. */
export const CATALOG: readonly CatalogEntry[] = [
  entry(
    "ANTHROPIC_API_KEY",
    "LLM",
    "Anthropic, used by Reveal",
    "https://console.anthropic.com/settings/keys",
    {
      mayFallBackToEnv: true,
    },
  ),
  entry("OPENAI_API_KEY", "LLM", "OpenAI", "https://platform.openai.com/api-keys"),
  entry("GEMINI_API_KEY", "LLM", "Google Gemini", "https://aistudio.google.com/apikey"),
  entry("MISTRAL_API_KEY", "LLM", "Mistral", "https://console.mistral.ai/api-keys"),
  entry("GROQ_API_KEY", "LLM", "Groq", "https://console.groq.com/keys"),
  entry("OPENROUTER_API_KEY", "LLM", "OpenRouter", "https://openrouter.ai/settings/keys"),
  entry("DEEPSEEK_API_KEY", "LLM", "DeepSeek", "https://platform.deepseek.com/api_keys"),
  entry("HF_TOKEN", "LLM", "Hugging Face", "https://huggingface.co/settings/tokens"),
  entry(
    "SUPABASE_SECRET_KEY",
    "Infrastructure",
    "Supabase, a project's secret key",
    "https://supabase.com/dashboard",
  ),
  entry(
    "AWS_SECRET_ACCESS_KEY",
    "Infrastructure",
    "AWS, secret access key",
    "https://console.aws.amazon.com/iam",
  ),
  entry(
    "CLOUDFLARE_API_TOKEN",
    "Infrastructure",
    "Cloudflare",
    "https://dash.cloudflare.com/profile/api-tokens",
  ),
  entry("GITHUB_TOKEN", "Infrastructure", "GitHub", "https://github.com/settings/tokens"),
  entry("STRIPE_SECRET_KEY", "Infrastructure", "Stripe", "https://dashboard.stripe.com/apikeys"),
  entry(
    "DATABASE_URL",
    "Infrastructure",
    "PostgreSQL connection string",
    "https://www.postgresql.org/docs/current/libpq-connect.html",
  ),
  entry("VERCEL_TOKEN", "Hosting", "Vercel", "https://vercel.com/account/settings/tokens"),
  entry("NETLIFY_AUTH_TOKEN", "Hosting", "Netlify", "https://app.netlify.com/user/applications"),
  entry("FLY_API_TOKEN", "Hosting", "Fly.io", "https://fly.io/user/personal_access_tokens", {
    singleLine: false,
  }),
  entry("RAILWAY_TOKEN", "Hosting", "Railway", "https://railway.com/account/tokens"),
  entry("RESEND_API_KEY", "Email", "Resend", "https://resend.com/api-keys"),
  entry("SENDGRID_API_KEY", "Email", "Twilio SendGrid", "https://app.sendgrid.com/settings/api_keys"),
  entry("POSTMARK_SERVER_TOKEN", "Email", "Postmark", "https://account.postmarkapp.com/servers"),
  entry("SLACK_BOT_TOKEN", "General", "Slack, a bot's token", "https://api.slack.com/apps"),
  entry("SENTRY_AUTH_TOKEN", "General", "Sentry", "https://sentry.io/settings/account/api/auth-tokens/"),
  entry("NOTION_API_KEY", "General", "Notion", "https://www.notion.so/profile/integrations"),
];

const byKey = new Map(CATALOG.map((known) => [known.key, known]));

/** The entry for a key name, undefined if it is not a known one. */
export function findCatalogEntry(key: string): CatalogEntry | undefined {
  return byKey.get(key);
}
