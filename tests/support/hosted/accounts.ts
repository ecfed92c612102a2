import { randomUUID } from "node:crypto";
import { type Answer, type Json, jsonOf, refusal } from "./answers.ts";
import type { Limits } from "./limits.ts";
import { isVerifierOf, type Link, type Links } from "./links.ts";
import type { HostedRequest, HostedSettings } from "./settings.ts";
import { claimsOf } from "./tokens.ts";
import type { Reply, Upstream } from "./upstream.ts";

/** Somebody who has signed up and not confirmed their address. The embedded server takes it for confirmed. */
interface Newcomer {
  user: Json;
  email: string;
  /** The embedded server's answer to the sign-up, kept from its person until the link is opened. */
  session: Json;
}

const lower = (email: unknown): string => String(email ?? "").toLowerCase();
const tokenOf = ({ headers }: HostedRequest): string =>
  (headers.authorization ?? "").replace(/^Bearer /i, "");
const answerOf = ({ status, said }: Reply): Answer => ({ status, body: said });

/**
 * Sign-ups, sign-ins and changes of accounts as GoTrue answers them where addresses have to be confirmed. Statuses, codes
 * and words are those of signup.go, token.go, resend.go, recover.go and user.go in
 * https://github.com/supabase/auth/blob/master/internal/api
 */
export class Accounts {
  readonly #settings: HostedSettings;
  readonly #upstream: Upstream;
  readonly #limits: Limits;
  readonly #links: Links;
  /** By user. */
  readonly #newcomers = new Map<string, Newcomer>();

  constructor(settings: HostedSettings, upstream: Upstream, limits: Limits, links: Links) {
    this.#settings = settings;
    this.#upstream = upstream;
    this.#limits = limits;
    this.#links = links;
  }

  /**
   * @param endpoint method and path, e.g. `POST /signup`
   * @returns undefined where the embedded server answers
   */
  async answer(request: HostedRequest, endpoint: string): Promise<Answer | undefined> {
    const sent = jsonOf(request.body);
    if (endpoint === "POST /signup") return this.#signUp(request, sent);
    if (endpoint === "POST /recover") return this.#recover(request, sent);
    if (endpoint === "POST /resend") return this.#resend(request, sent);
    if (endpoint === "PUT /user") return this.#update(request, sent);
    if (endpoint !== "POST /token") return undefined;
    if (request.path.includes("grant_type=password")) return this.#signIn(request);
    return request.path.includes("grant_type=pkce") ? this.#exchange(request, sent) : undefined;
  }

  /** Somebody's link has proven their address: they are confirmed from now on. */
  confirm(userId: string): Json | undefined {
    const session = this.#newcomers.get(userId)?.session;
    this.#newcomers.delete(userId);
    return session;
  }

  async #signUp(request: HostedRequest, sent: Json): Promise<Answer | undefined> {
    const { signUp, emailProvider, confirmEmail } = this.#settings;
    if (!signUp) return refusal(request, 422, "signup_disabled", "Signups not allowed for this instance");
    const weak = this.#limits.password(request, String(sent.password ?? ""));
    if (weak) return weak;
    if (!emailProvider) {
      return refusal(request, 400, "email_provider_disabled", "Email signups are disabled");
    }
    if (!confirmEmail) return undefined;
    const email = lower(sent.email);
    const known = [...this.#newcomers.values()].find((newcomer) => newcomer.email === email);
    if (known)
      return (await this.#mailConfirmation(request, known, sent)) ?? { status: 200, body: known.user };
    const reply = await this.#upstream.ask(request);
    if (reply.said.error_code === "user_already_exists") return { status: 200, body: lookalike(email) };
    if (reply.status !== 200) return answerOf(reply);
    const newcomer = { email, user: unconfirmed(Object(reply.said.user)), session: reply.said };
    this.#newcomers.set(String(newcomer.user.id), newcomer);
    return (await this.#mailConfirmation(request, newcomer, sent)) ?? { status: 200, body: newcomer.user };
  }

  async #mailConfirmation(request: HostedRequest, { user, email }: Newcomer, sent: Json) {
    const refused = this.#limits.mail(request, "confirmation", email);
    if (refused) return refused;
    const challenge = sent.code_challenge ? String(sent.code_challenge) : undefined;
    await this.#links.send(email, { kind: "confirmation", userId: String(user.id), challenge });
    this.#limits.sent("confirmation", email);
    return undefined;
  }

  async #signIn(request: HostedRequest): Promise<Answer> {
    if (!this.#settings.emailProvider) {
      return refusal(request, 422, "email_provider_disabled", "Email logins are disabled");
    }
    const reply = await this.#upstream.ask(request);
    if (!this.#newcomers.has(String(Object(reply.said.user).id))) return answerOf(reply);
    await this.#upstream.auth("POST", "/logout?scope=local", undefined, String(reply.said.access_token));
    return refusal(request, 400, "email_not_confirmed", "Email not confirmed");
  }

  async #exchange(request: HostedRequest, sent: Json): Promise<Answer | undefined> {
    const exchange = this.#links.takeCode(String(sent.auth_code));
    // The embedded server says that it does not know the code either.
    if (!exchange) return undefined;
    if (!isVerifierOf(exchange.challenge, String(sent.code_verifier))) {
      const message = "code challenge does not match previously saved code verifier";
      return refusal(request, 400, "bad_code_verifier", message);
    }
    return { status: 200, body: exchange.session };
  }

  async #recover(request: HostedRequest, sent: Json): Promise<Answer> {
    if (!this.#settings.emailProvider) {
      return refusal(request, 400, "email_provider_disabled", "Email logins are disabled");
    }
    const email = lower(sent.email);
    const before = await this.#upstream.newestMail(email);
    const refused = this.#limits.mail(request, "recovery", email);
    // Whoever has no account is sent nothing, and meets no limit.
    if (refused && (refused.status === 500 || before === undefined)) {
      const reply = await this.#upstream.ask(request);
      const isKnown = (await this.#upstream.newestMail(email))?.text !== before?.text;
      return isKnown ? refused : answerOf(reply);
    }
    if (refused) return refused;
    const reply = await this.#upstream.ask(request);
    if ((await this.#upstream.newestMail(email))?.text !== before?.text) this.#limits.sent("recovery", email);
    return answerOf(reply);
  }

  async #resend(request: HostedRequest, sent: Json): Promise<Answer | undefined> {
    if (!this.#settings.emailProvider) {
      return refusal(request, 400, "email_provider_disabled", "Email logins are disabled");
    }
    if (sent.type !== "signup") return undefined;
    const known = [...this.#newcomers.values()].find(({ email }) => email === lower(sent.email));
    const refused = known && (await this.#mailConfirmation(request, known, sent));
    return refused ?? { status: 200, body: {} };
  }

  async #update(request: HostedRequest, sent: Json): Promise<Answer | undefined> {
    const before = await this.#upstream.auth("GET", "/user", undefined, tokenOf(request));
    if (before.status !== 200) return answerOf(before);
    const current = lower(before.said.email);
    if (sent.password !== undefined) {
      const refused = await this.#refusePassword(request, sent, current);
      if (refused) return refused;
    }
    const next = lower(sent.email);
    if (!next || next === current) return undefined;
    const limited = this.#limits.mail(request, "email change", current);
    if (limited) return limited;
    const reply = await this.#upstream.ask(request);
    if (reply.status === 200) await this.#mailChange(current, next, String(before.said.id), sent);
    return answerOf(reply);
  }

  /** The embedded server writes to the current address alone; here, the new one has to agree as well. */
  async #mailChange(current: string, next: string, userId: string, sent: Json): Promise<void> {
    const mail = await this.#upstream.newestMail(current);
    const upstreamHash = /token_hash=(\w+)/.exec(mail?.text ?? "")?.[1] ?? "";
    const challenge = sent.code_challenge ? String(sent.code_challenge) : undefined;
    const link: Omit<Link, "sentAt"> = { kind: "email_change", userId, upstreamHash };
    this.#links.add(upstreamHash, link);
    await this.#links.send(next, { ...link, challenge }, { NewEmail: next });
    this.#limits.sent("email change", current);
  }

  async #refusePassword(request: HostedRequest, sent: Json, email: string): Promise<Answer | undefined> {
    const weak = this.#limits.password(request, String(sent.password));
    if (weak) return weak;
    const { reauthentication, currentPassword } = this.#settings;
    if (reauthentication && !sent.nonce) {
      return refusal(request, 400, "reauthentication_needed", "Password update requires reauthentication");
    }
    if (reauthentication) {
      return refusal(request, 422, "reauthentication_not_valid", "Nonce has expired or is invalid");
    }
    // The session of a link to a new password needs none.
    const amr = claimsOf(tokenOf(request)).amr;
    if (!currentPassword || JSON.stringify(amr ?? "").includes("otp")) return undefined;
    const message = "Current password required when setting new password.";
    if (!sent.current_password) return refusal(request, 400, "current_password_required", message);
    const proof = { email, password: sent.current_password };
    const tried = await this.#upstream.auth("POST", "/token?grant_type=password", proof);
    if (tried.status !== 200) return refusal(request, 400, "current_password_mismatch", message);
    await this.#upstream.auth("POST", "/logout?scope=local", undefined, String(tried.said.access_token));
    return undefined;
  }
}

/** A user whose address is not confirmed. */
function unconfirmed({ email_confirmed_at: _, confirmed_at: __, last_sign_in_at: ___, ...user }: Json): Json {
  const user_metadata = { ...Object(user.user_metadata), email_verified: false };
  return { ...user, confirmation_sent_at: new Date().toISOString(), user_metadata };
}

/** What a taken address gets, so that nobody learns who has an account: signup.go, sanitizeUser. */
function lookalike(email: string): Json {
  const now = new Date().toISOString();
  return {
    ...{ id: randomUUID(), aud: "authenticated", role: "", email, phone: "", confirmation_sent_at: now },
    ...{ app_metadata: { provider: "email", providers: ["email"] }, user_metadata: {}, identities: [] },
    ...{ created_at: now, updated_at: now, is_anonymous: false },
  };
}
