// For the page, which must not load the list of providers. A test compares the two.
const CHECKABLE: ReadonlySet<string> = new Set([
  "ANTHROPIC_API_KEY",
  "OPENAI_API_KEY",
  "GEMINI_API_KEY",
  "MISTRAL_API_KEY",
  "GROQ_API_KEY",
  "OPENROUTER_API_KEY",
  "DEEPSEEK_API_KEY",
  "HF_TOKEN",
  "XAI_API_KEY",
  "REPLICATE_API_TOKEN",
  "AI_GATEWAY_API_KEY",
  "CLOUDFLARE_API_TOKEN",
  "GITHUB_TOKEN",
  "STRIPE_SECRET_KEY",
  "VERCEL_TOKEN",
  "NETLIFY_AUTH_TOKEN",
  "RESEND_API_KEY",
  "SENDGRID_API_KEY",
  "POSTMARK_SERVER_TOKEN",
  "SLACK_BOT_TOKEN",
  "SLACK_USER_TOKEN",
  "NOTION_API_KEY",
]);

/** Whether there is a provider that can be asked, for free, if it accepts this key. */
export function isCheckable(key: string): boolean {
  return CHECKABLE.has(key);
}
