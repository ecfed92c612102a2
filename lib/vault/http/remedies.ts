import type { Cause } from "./cause";

/** Errors whose status, where they have no code, is that of Supabase's gateway, and not a provider's. */
const OF_GATEWAY = [
  "GatewayError",
  "AuthApiError",
  "AuthServerUnhealthy",
  "NewPasswordRefused",
  "SignOutUnconfirmed",
];

const KEYS =
  "Supabase doesn't accept an API key. Check that SUPABASE_SECRET_KEY and NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY belong to " +
  "the project at NEXT_PUBLIC_SUPABASE_URL, and weren't deleted or disabled.";
const MIGRATIONS = "The database lacks a table or a function. Apply the migrations.";
const GRANTS =
  "The database denies permission. Apply the migrations, and check that SUPABASE_SECRET_KEY is a secret key.";
const SCHEMA =
  "PostgREST can't read the schema. If this goes on, turn on the project's Data API, with public among its exposed schemas.";
const HOOK = "An Auth hook failed. Check it under Authentication, Hooks.";
const MAIL_QUOTA =
  "Supabase Auth has sent as many e-mails as it may. Set up your own SMTP server, or raise the limit under Authentication, " +
  "Rate Limits.";

/** By status, for answers of the gateway in front of PostgREST and Auth, which have no code. */
const BY_STATUS: Readonly<Record<number, string>> = {
  401: KEYS,
  402: "The Supabase project is restricted because it exceeds its plan's quota. Check its usage and billing.",
  540: "The Supabase project is paused. Restore it in Supabase's dashboard.",
};

// https://docs.postgrest.org/en/stable/references/errors.html, https://www.postgresql.org/docs/current/errcodes-appendix.html
// and https://supabase.com/docs/guides/auth/debugging/error-codes
const BY_CODE: Readonly<Record<string, string>> = {
  PGRST002: SCHEMA,
  PGRST106: SCHEMA,
  PGRST202: MIGRATIONS,
  PGRST204: MIGRATIONS,
  PGRST205: MIGRATIONS,
  "42P01": MIGRATIONS,
  "42703": MIGRATIONS,
  "42883": MIGRATIONS,
  "42501": GRANTS,
  PGRST301: KEYS,
  PGRST302: KEYS,
  PGRST303: KEYS,
  "25006": "The database is read-only. On hosted Supabase, its disk is probably full.",
  "53100": "The database's disk is full.",
  captcha_failed:
    "Auth asks for a CAPTCHA, which the forms don't have. Set CLIENT_ADDRESS_HEADER and an sb_secret_ key, and turn on IP " +
    "address forwarding, so that the app's own requests need none; or turn CAPTCHA off.",
  email_provider_disabled: "Turn on the Email provider under Authentication, Sign In / Providers.",
  provider_disabled: "Turn on the Email provider under Authentication, Sign In / Providers.",
  email_address_not_authorized:
    "Without your own SMTP server, Supabase Auth sends e-mail only to members of the organization. Set one up.",
  over_email_send_rate_limit: MAIL_QUOTA,
  hook_timeout: HOOK,
  hook_timeout_after_retry: HOOK,
  hook_payload_over_size_limit: HOOK,
  hook_payload_invalid_content_type: HOOK,
  hook_failed: HOOK,
  database_error:
    "Auth's database refused it. A trigger on auth.users may fail: see the database's log, and check that the migrations " +
    "are applied.",
  email_not_sent:
    "Supabase Auth couldn't hand over an e-mail. Check its log, its SMTP settings, its e-mail templates, and the Send Email " +
    "hook.",
};

/**
 * What an operator can do about a failure that nobody else can fix.
 *
 * @param cause of a problem that is logged as a failure
 * @returns undefined where it passes by itself, or nothing is known
 */
export function remedyOf({ name, code, status }: Cause): string | undefined {
  if (typeof code === "string") return Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : undefined;
  return OF_GATEWAY.includes(name ?? "") ? BY_STATUS[status ?? 0] : undefined;
}
