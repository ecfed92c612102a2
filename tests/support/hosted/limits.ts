import { type Answer, type Json, refusal } from "./answers.ts";
import { CAPTCHA_TOKEN, type HostedRequest, type HostedSettings } from "./settings.ts";

/** Endpoints that are limited by address. https://github.com/supabase/auth/blob/master/internal/api/api.go */
const LIMITED =
  /^(POST \/(signup|recover|resend|magiclink|otp|token|factors\/.+)|(GET|POST) \/verify|PUT \/user)$/;
/** Those that ask for a CAPTCHA, a sign-in among them; the other grants of /token don't. */
const WITH_CAPTCHA = /^POST \/(signup|recover|resend|magiclink|otp|token)$/;

/** What GoTrue refuses before it looks at an account. */
export class Limits {
  readonly #settings: HostedSettings;
  readonly #requests = new Map<string, number>();
  readonly #mails = new Map<string, number>();
  #mailsInAll = 0;

  constructor(settings: HostedSettings) {
    this.#settings = settings;
  }

  /**
   * https://github.com/supabase/auth/blob/master/internal/api/middleware.go, performRateLimiting, and
   * https://github.com/supabase/auth/blob/master/internal/sbff/sbff.go; the gateway takes the header from secret keys alone:
   * https://supabase.com/docs/guides/auth/rate-limits
   *
   * @param endpoint method and path, e.g. `POST /token`
   * @param address that the connection comes from
   */
  requests(request: HostedRequest, endpoint: string, address: string, isSecret: boolean): Answer | undefined {
    if (!LIMITED.test(endpoint)) return undefined;
    const forwarded = request.headers["sb-forwarded-for"]?.split(",")[0]?.trim();
    const isTrusted = isSecret && this.#settings.addressForwarding;
    const client = `${endpoint} ${(isTrusted && forwarded) || address}`;
    const count = (this.#requests.get(client) ?? 0) + 1;
    this.#requests.set(client, count);
    if (count <= this.#settings.requestsPerAddress) return undefined;
    return refusal(request, 429, "over_request_rate_limit", "Request rate limit reached");
  }

  /**
   * https://github.com/supabase/auth/blob/master/internal/api/middleware.go, verifyCaptcha: a secret key in `Authorization`
   * needs none.
   *
   * @param isAdmin whether `Authorization` has a secret key; without that header, the gateway puts the API key there
   */
  captcha(request: HostedRequest, endpoint: string, isAdmin: boolean, body: Json): Answer | undefined {
    if (!this.#settings.captcha || isAdmin || !WITH_CAPTCHA.test(endpoint)) return undefined;
    if (endpoint === "POST /token" && /grant_type=(pkce|refresh_token|id_token)\b/.test(request.path))
      return undefined;
    const token = String(Object(body.gotrue_meta_security).captcha_token ?? "").trim();
    if (token === CAPTCHA_TOKEN) return undefined;
    const why = token ? "invalid-input-response" : "no captcha_token found";
    return refusal(request, 400, "captcha_failed", `captcha protection: request disallowed (${why})`);
  }

  /**
   * https://github.com/supabase/auth/blob/master/internal/api/mail.go, validateSentWithinFrequencyLimit and sendEmail
   *
   * @param kind what the mail is for, e.g. `recovery`
   * @param email whose it is
   */
  mail(request: HostedRequest, kind: string, email: string): Answer | undefined {
    const { mails, mailEverySeconds, smtp } = this.#settings;
    const sentAt = this.#mails.get(`${kind} ${email}`) ?? Number.NEGATIVE_INFINITY;
    const left = Math.floor((sentAt + mailEverySeconds * 1000 - Date.now()) / 1000);
    const tooMany = (message: string) => refusal(request, 429, "over_email_send_rate_limit", message);
    if (left >= 0) return tooMany(`For security purposes, you can only request this after ${left} seconds.`);
    if (this.#mailsInAll >= mails) return tooMany("email rate limit exceeded");
    if (!smtp) return refusal(request, 500, "unexpected_failure", `Error sending ${kind} email`);
    return undefined;
  }

  sent(kind: string, email: string): void {
    this.#mails.set(`${kind} ${email}`, Date.now());
    this.#mailsInAll++;
  }

  /** https://github.com/supabase/auth/blob/master/internal/api/password.go */
  password(request: HostedRequest, password: string): Answer | undefined {
    const { passwordLength, passwordCharacters, leakedPasswords } = this.#settings;
    const faults: [reason: string, message: string][] = [];
    if (password.length < passwordLength) {
      faults.push(["length", `Password should be at least ${passwordLength} characters.`]);
    }
    if (passwordCharacters.some((set) => ![...set].some((character) => password.includes(character)))) {
      const sets = passwordCharacters.join(", ");
      faults.push(["characters", `Password should contain at least one character of each: ${sets}.`]);
    }
    if (leakedPasswords.includes(password)) {
      const message = "Password is known to be weak and easy to guess, please choose a different one.";
      faults.push(["pwned", message]);
    }
    if (faults.length === 0) return undefined;
    const message = faults.map(([, message]) => message).join(" ");
    const reasons = faults.map(([reason]) => reason);
    return refusal(request, 422, "weak_password", message, { weak_password: { reasons } });
  }
}
