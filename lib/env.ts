import { z } from "zod";
import { readSmtp, type SmtpSettings } from "./smtp-settings.ts";
import { siteOrigin } from "./vault/http/site.ts";
import { findKey, KEY_VARIABLES, requireRightKeys } from "./vault/supabase-keys.ts";

/** An empty variable counts as missing: `.env.example` lists many of them empty. */
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === "" ? undefined : value), schema.optional());

/** US dollars with at most two decimals, below a million; `none` for no limit. */
const usd = z.string().regex(/^(none|\d{1,6}(\.\d{1,2})?)$/);

const listOf = (text: string) => text.split(",").map((email) => email.trim().toLowerCase());

/** One or more addresses, with commas between them. */
const emails = z.string().refine((text) => z.array(z.email()).safeParse(listOf(text)).success);

/** Printable and without commas, as every provider's and gateway's names of models are. */
const modelName = z.string().regex(/^[\x21-\x2b\x2d-\x7e]{1,100}$/);

const namesOf = (text: string) => text.split(",").map((name) => name.trim());

/** One or more of them, with commas between. */
const modelNames = z.string().refine((text) => z.array(modelName).max(20).safeParse(namesOf(text)).success);

const schema = z.object({
  NEXT_PUBLIC_SUPABASE_URL: z.url({ protocol: /^https?$/ }),
  NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY: optional(z.string()),
  NEXT_PUBLIC_SUPABASE_ANON_KEY: optional(z.string()),
  SUPABASE_SECRET_KEY: optional(z.string()),
  SUPABASE_SERVICE_ROLE_KEY: optional(z.string()),
  SITE_URL: optional(z.url({ protocol: /^https?$/ })),
  VERCEL_ENV: optional(z.string()),
  VERCEL_PROJECT_PRODUCTION_URL: optional(z.string()),
  VERCEL_BRANCH_URL: optional(z.string()),
  VERCEL_URL: optional(z.string()),
  NODE_ENV: optional(z.string()),
  SECURITY_CONTACT: optional(z.url({ protocol: /^(https|mailto|tel)$/ }).regex(/^[\x21-\x7e]+$/)),
  VAULT_ENV_FALLBACK: optional(z.enum(["on", "off"])),
  // Minutes, up to a day.
  VAULT_CONFIRM_MINUTES: optional(
    z.stringFormat("minutes", (text) => /^\d{1,4}$/.test(text) && Number(text) <= 1_440),
  ),
  // Days, up to a hundred years.
  ACTIVITY_RETENTION_DAYS: optional(
    z.stringFormat("days", (text) => /^\d{2,5}$/.test(text) && Number(text) >= 90 && Number(text) <= 36_500),
  ),
  // A header's name, RFC 9110.
  CLIENT_ADDRESS_HEADER: optional(z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/)),
  PLATFORM_DAILY_TOKENS: optional(z.string().regex(/^\d{1,12}$/)),
  PLATFORM_DAILY_USD: optional(usd),
  PLATFORM_MONTHLY_USD: optional(usd),
  PLATFORM_DAILY_CALLS: optional(z.string().regex(/^\d{1,9}$/)),
  OPERATOR_EMAILS: optional(emails),
  WEBHOOKS_ALLOW_PRIVATE: optional(z.enum(["on", "off"])),
  ANTHROPIC_API_KEY: optional(z.string()),
  ANTHROPIC_BASE_URL: optional(z.url({ protocol: /^https?$/ })),
  ANTHROPIC_MODEL: optional(z.string()),
  ANTHROPIC_MODELS: optional(modelNames),
  OPENAI_BASE_URL: optional(z.url({ protocol: /^https?$/ })),
  OPENAI_MODEL: optional(modelName),
  VAULT_KEY_CHECK: optional(z.literal("launcher")),
  MAILBOX: optional(z.literal("launcher")),
  SMTP_HOST: optional(z.string()),
  SMTP_PORT: optional(z.string()),
  SMTP_USER: optional(z.string()),
  SMTP_PASS: optional(z.string()),
  SMTP_FROM: optional(z.string()),
});

/** About 30 short questions and answers; at a mid-sized model's price well below a dollar. */
const DEFAULT_DAILY_TOKENS = 100_000;

/** Long enough to rotate a few keys. */
export const DEFAULT_CONFIRM_MINUTES = 15;

/** What a newcomer would not mind to pay if everything went wrong. */
const DEFAULT_DAILY_USD = 5;

/** What the server is configured with, checked. */
export interface Env {
  supabase: { url: string; publishableKey: string; secretKey: string };
  /** Scheme, host and port of the app's own pages, e.g. `https://vault.example.com`. */
  siteOrigin: string;
  /** The request header in which the platform in front of the app says the client's address, if it does. */
  clientAddressHeader: string | undefined;
  /** Minutes for which a password that was entered lets values leave; 0 where it is not asked for. */
  confirmMinutes: number;
  /** Days for which events are listed; null: for as long as the account or the team. */
  activityRetentionDays: number | null;
  /** Whom to tell of a hole: an https, mailto or tel address. */
  securityContact: string | undefined;
  /** The platform's own provider keys, by key name; empty where the operator switched the layer off. */
  platformKeys: ReadonlyMap<string, string>;
  /** Whether the operator switched the platform's keys off, which a refusal then says. */
  platformKeysOff: boolean;
  /** Tokens that one person may use a day (UTC) at the platform's expense. */
  platformDailyTokens: number;
  /** US dollars that all runs together may cost a day and a month (UTC) at the platform's expense; null: no limit. */
  platformUsd: { daily: number | null; monthly: number | null };
  /**
   * Calls of unknown price that all people together may make a day (UTC) at the platform's expense where it has a limit in
   * dollars; null: none.
   */
  platformDailyCalls: number | null;
  /** Who sees /operator, once their address is confirmed; in lower case. */
  operatorEmails: readonly string[];
  /** Whether webhooks may lead into private networks, and be called without encryption. */
  webhooksAllowPrivate: boolean;
  /** `model` is the usual one, and `models` are others that people may choose. */
  anthropic: { baseUrl: string | undefined; model: string | undefined; models: readonly string[] };
  /** Where summaries are asked for, without a slash at its end, and of which model. */
  openai: { baseUrl: string; model: string };
  /** Whether the database comes up beside this process, and the launcher, which knows when, checks the master key. */
  isLauncherChecking: boolean;
  /** The server that mail is handed to, if there is one. */
  smtp: SmtpSettings | undefined;
  /** Whether the launcher runs an embedded Supabase, which catches mail where there is no mail server. */
  hasMailbox: boolean;
  /** Whether this is `next dev`, on somebody's own machine. */
  isDevelopment: boolean;
}

/**
 * Checks a set of environment variables.
 *
 * @throws Error naming every variable that is missing or malformed, and never its content; see also {@link siteOrigin}
 *   and {@link requireRightKeys}
 */
export function parseEnv(source: Record<string, string | undefined>): Env {
  const parsed = schema.safeParse(source);
  const wrong = parsed.success ? [] : [...new Set(parsed.error.issues.map((issue) => issue.path.join(".")))];
  const vars: Partial<z.infer<typeof schema>> = parsed.data ?? {};
  const publishable = findKey("publishable", vars);
  const secret = findKey("secret", vars);
  if (parsed.success && !publishable) wrong.push(KEY_VARIABLES.publishable[0]);
  if (parsed.success && !secret) wrong.push(KEY_VARIABLES.secret[0]);
  const smtp = readSmtp(vars);
  wrong.push(...smtp.wrong);
  if (wrong.length > 0 || !parsed.success || !publishable || !secret) {
    throw new Error(
      `Missing or malformed in the environment: ${wrong.join(", ")}. See .env.example for what each one means.`,
    );
  }
  const { data } = parsed;
  requireRightKeys(data);
  // A fixed list on purpose: a key name from a request must never become a look-up in process.env.
  const platformKeys = new Map<string, string>();
  const platformUsd = {
    daily: data.PLATFORM_DAILY_USD ? limitOf(data.PLATFORM_DAILY_USD) : DEFAULT_DAILY_USD,
    monthly: data.PLATFORM_MONTHLY_USD ? limitOf(data.PLATFORM_MONTHLY_USD) : null,
  };
  const platformKeysOff =
    data.VAULT_ENV_FALLBACK === "off" || platformUsd.daily === 0 || platformUsd.monthly === 0;
  if (!platformKeysOff && data.ANTHROPIC_API_KEY) {
    platformKeys.set("ANTHROPIC_API_KEY", data.ANTHROPIC_API_KEY);
  }
  return {
    supabase: { url: data.NEXT_PUBLIC_SUPABASE_URL, publishableKey: publishable.key, secretKey: secret.key },
    siteOrigin: siteOrigin(data),
    clientAddressHeader: data.CLIENT_ADDRESS_HEADER,
    confirmMinutes: Number(data.VAULT_CONFIRM_MINUTES ?? DEFAULT_CONFIRM_MINUTES),
    activityRetentionDays: data.ACTIVITY_RETENTION_DAYS ? Number(data.ACTIVITY_RETENTION_DAYS) : null,
    securityContact: data.SECURITY_CONTACT,
    platformKeys,
    platformKeysOff,
    platformDailyTokens: Number(data.PLATFORM_DAILY_TOKENS ?? DEFAULT_DAILY_TOKENS),
    platformUsd,
    platformDailyCalls: data.PLATFORM_DAILY_CALLS ? Number(data.PLATFORM_DAILY_CALLS) : null,
    operatorEmails: data.OPERATOR_EMAILS ? listOf(data.OPERATOR_EMAILS) : [],
    webhooksAllowPrivate: data.WEBHOOKS_ALLOW_PRIVATE === "on",
    anthropic: {
      baseUrl: data.ANTHROPIC_BASE_URL,
      model: data.ANTHROPIC_MODEL,
      models: data.ANTHROPIC_MODELS ? namesOf(data.ANTHROPIC_MODELS) : [],
    },
    openai: {
      baseUrl: (data.OPENAI_BASE_URL ?? "https://api.openai.com/v1").replace(/\/+$/, ""),
      model: data.OPENAI_MODEL ?? "gpt-6-luna",
    },
    isLauncherChecking: data.VAULT_KEY_CHECK === "launcher",
    smtp: smtp.settings,
    hasMailbox: data.MAILBOX === "launcher" && !smtp.settings,
    isDevelopment: data.NODE_ENV === "development",
  };
}

const limitOf = (text: string) => (text === "none" ? null : Number(text));

let checked: Env | undefined;

/**
 * The server's environment, checked at the first call (start-up makes it, in instrumentation.ts).
 * This is the only reader of `process.env`, except for the master key, which belongs to crypto.ts alone.
 *
 * @throws Error see {@link parseEnv}; also in a browser, where none of this may ever be.
 */
export function env(): Env {
  if (typeof window !== "undefined") throw new Error("The environment is available only on the server.");
  checked ??= parseEnv(process.env);
  return checked;
}
