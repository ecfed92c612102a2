import { TEST_PUBLISHABLE_KEY, TEST_SECRET_KEY } from "../keys.ts";
import { legacyKey } from "./tokens.ts";

/** A request that the stand-in got. */
export interface HostedRequest {
  method: string;
  /** The path with its query, e.g. `/auth/v1/token?grant_type=password`. */
  path: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: string;
}

/** A status with a JSON body, or with a text; null for a connection that closes. */
export type HostedAnswer = { status: number; body: unknown; headers?: Record<string, string> } | null;

/** What a project is set up as. Each may change while the stand-in runs, and counts from the next request on. */
export interface HostedSettings {
  /** API keys that the gateway knows. */
  keys: {
    publishable: string[];
    secret: string[];
    /** The `anon` and `service_role` keys of older projects, which are JWTs. */
    legacy: { anon: string; serviceRole: string; isDisabled: boolean };
  };
  /** Whether sessions are signed with an elliptic curve (ES256), as in new projects, or with the legacy secret. */
  signing: "ES256" | "HS256";
  /** "Site URL", which the mails' templates begin with. */
  siteUrl: string;
  /** "Redirect URLs" beside it, without wildcards. */
  redirectUrls: string[];
  /** Sign In / Providers: "Allow new users to sign up". */
  signUp: boolean;
  /** Sign In / Providers: "Email". */
  emailProvider: boolean;
  /** "Confirm email". */
  confirmEmail: boolean;
  /** "Secure password change", and every session began more than 24 hours ago. */
  reauthentication: boolean;
  /** "Require current password when updating". */
  currentPassword: boolean;
  /** "Minimum password length". */
  passwordLength: number;
  /** "Password requirements": one character of each of these. */
  passwordCharacters: string[];
  /** What "Prevent use of leaked passwords" knows. */
  leakedPasswords: string[];
  /** Seconds for which a link from a mail is good. */
  linkSeconds: number;
  /** "CAPTCHA protection". {@link CAPTCHA_TOKEN} passes. */
  captcha: boolean;
  /** Rate Limits: requests of one address to one endpoint. */
  requestsPerAddress: number;
  /** Rate Limits: mails of the project. 0 is a limit that is used up. */
  mails: number;
  /** Seconds between two mails of one kind to one person. */
  mailEverySeconds: number;
  /** "SMTP": whether the mail server takes mails. */
  smtp: boolean;
  /** "IP address forwarding": limits go by `Sb-Forwarded-For`. */
  addressForwarding: boolean;
  /** Seconds that the server's clock is ahead, in its `Date` header. */
  clockSkewSeconds: number;
  /** Whether the project is paused. */
  paused: boolean;
  /** Data API: "Exposed schemas". */
  exposedSchemas: string[];
  /** Answers a request in the server's place, for what happens on a bad day; undefined for its own answer. */
  answer: (request: HostedRequest) => HostedAnswer | undefined;
}

/** What a widget of Turnstile or hCaptcha would give here. */
export const CAPTCHA_TOKEN = "captcha-token-not-real";

/**
 * A new project's, with the tests' API keys, without its limits of requests and of mails an hour.
 * https://supabase.com/docs/guides/auth/general-configuration
 */
export function defaultSettings(): HostedSettings {
  return {
    keys: {
      publishable: [TEST_PUBLISHABLE_KEY],
      secret: [TEST_SECRET_KEY],
      legacy: { anon: legacyKey("anon"), serviceRole: legacyKey("service_role"), isDisabled: true },
    },
    signing: "ES256",
    siteUrl: "http://localhost:3000",
    redirectUrls: [],
    signUp: true,
    emailProvider: true,
    confirmEmail: true,
    reauthentication: false,
    currentPassword: false,
    passwordLength: 10,
    passwordCharacters: [],
    leakedPasswords: [],
    linkSeconds: 3600,
    captcha: false,
    requestsPerAddress: Number.POSITIVE_INFINITY,
    mails: Number.POSITIVE_INFINITY,
    mailEverySeconds: 60,
    smtp: true,
    addressForwarding: true,
    clockSkewSeconds: 0,
    paused: false,
    exposedSchemas: ["public"],
    answer: () => undefined,
  };
}
