import {
  PLATFORM_KEY,
  TEST_JWT_SECRET,
  TEST_MASTER_KEY,
  TEST_PUBLISHABLE_KEY,
  TEST_SECRET_KEY,
} from "./keys.ts";
import { ANTHROPIC_URL, APP_PORT, APP_URL, OPENAI_URL, SUPABASE_PORT } from "./ports.ts";

/** Whose accounts are operators' once a test has created them: one for each test, because tests run side by side. */
export const OPERATOR_EMAILS = Array.from({ length: 6 }, (_, index) => `operator-${index}@example.com`);

/**
 * The environment of an app that tests start. Everything is set, so that nothing of a developer's own .env.local is
 * used.
 */
export const APP_ENV: NodeJS.ProcessEnv = {
  ...process.env,
  PORT: String(APP_PORT),
  SITE_URL: APP_URL,
  SECURITY_CONTACT: "mailto:security@example.com",
  NEXT_PUBLIC_SUPABASE_URL: "",
  NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY: TEST_PUBLISHABLE_KEY,
  SUPABASE_SECRET_KEY: TEST_SECRET_KEY,
  SUPABASE_JWT_SECRET: TEST_JWT_SECRET,
  VAULT_MASTER_KEY: TEST_MASTER_KEY,
  // The embedded auth server hashes passwords as weakly as it can: its usual 10 takes a tenth of a second of CPU.
  LITE_AUTH_BCRYPT_COST: "4",
  CLIENT_ADDRESS_HEADER: "",
  // Mails are caught: tests/support/mailbox.ts.
  SMTP_HOST: "",
  SMTP_PORT: "",
  SMTP_USER: "",
  SMTP_PASS: "",
  SMTP_FROM: "",
  VAULT_ENV_FALLBACK: "on",
  OPERATOR_EMAILS: OPERATOR_EMAILS.join(),
  PLATFORM_DAILY_TOKENS: "",
  // More than all tests together spend on it, and hold while they run.
  PLATFORM_DAILY_USD: "100",
  PLATFORM_MONTHLY_USD: "",
  VAULT_CONFIRM_MINUTES: "",
  // The tests' receivers listen on this machine.
  WEBHOOKS_ALLOW_PRIVATE: "on",
  ANTHROPIC_API_KEY: PLATFORM_KEY,
  ANTHROPIC_BASE_URL: ANTHROPIC_URL,
  ANTHROPIC_MODEL: "",
  // The usual one first; the price of the last one is not known.
  ANTHROPIC_MODELS: "claude-sonnet-5-5,claude-opus-4-5,model-without-a-price",
  OPENAI_BASE_URL: OPENAI_URL,
  OPENAI_MODEL: "",
  EMBEDDED_SUPABASE_PORT: String(SUPABASE_PORT),
};
