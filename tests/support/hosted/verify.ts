import type { Accounts } from "./accounts.ts";
import { type Answer, type Json, jsonOf, refusal } from "./answers.ts";
import type { Links } from "./links.ts";
import type { HostedRequest, HostedSettings } from "./settings.ts";
import type { Upstream } from "./upstream.ts";

/** Which links a type of `/verify` spends. */
const CONFIRMATIONS = ["signup", "invite", "email"];
const TYPES = [...CONFIRMATIONS, "recovery", "magiclink", "email_change"];

const ACCEPTED = "Confirmation link accepted. Please proceed to confirm link sent to the other email";

/** What becomes of a link: a session of the embedded server's, the first half of a change, or a refusal. */
type Outcome = { session: Json; code?: string } | { half: true } | { refused: Answer };

/**
 * Links from mails, as https://github.com/supabase/auth/blob/master/internal/api/verify.go spends them. Those that the
 * embedded server has sent are its own to check.
 */
export class Verification {
  readonly #settings: HostedSettings;
  readonly #upstream: Upstream;
  readonly #accounts: Accounts;
  readonly #links: Links;
  /** Changes of an address that one of the two addresses has confirmed. */
  readonly #half = new Set<string>();

  constructor(settings: HostedSettings, upstream: Upstream, accounts: Accounts, links: Links) {
    this.#settings = settings;
    this.#upstream = upstream;
    this.#accounts = accounts;
    this.#links = links;
  }

  /** `POST /verify`: what an app sends for a link that led to it. */
  async post(request: HostedRequest): Promise<Answer> {
    const { type, token_hash } = jsonOf(request.body);
    const outcome = await this.#spend(request, String(type), String(token_hash));
    if ("refused" in outcome) return outcome.refused;
    return { status: 200, body: "half" in outcome ? { msg: ACCEPTED, code: "200" } : outcome.session };
  }

  /**
   * `GET /verify`: the links of Supabase's own templates. It sends the browser on, with a session or a report after the #;
   * where the link was asked for with PKCE, with a code or the report in the query.
   *
   * @param complete what a session is as GoTrue gives it
   */
  async get(request: HostedRequest, complete: (session: Json) => Json): Promise<Answer> {
    const query = new URL(request.path, this.#settings.siteUrl).searchParams;
    const [token, type] = [query.get("token") ?? "", query.get("type") ?? ""];
    const base = this.#redirect(query.get("redirect_to"));
    const to = new URL(base);
    const isPkce = token.startsWith("pkce_");
    const link = this.#links.find(token);
    const outcome = await this.#spend(request, type, token);
    const hash = new URLSearchParams();
    if ("refused" in outcome) {
      const { code, message, error_code, msg } = Object(outcome.refused.body);
      const error = { 400: "invalid_request", 401: "unauthorized_client", 403: "access_denied" };
      const report = {
        ...{ error: Object(error)[outcome.refused.status] ?? "server_error" },
        ...{ error_code: String(error_code ?? code), error_description: String(msg ?? message) },
      };
      for (const [name, value] of Object.entries(report)) {
        hash.set(name, value);
        if (isPkce) to.searchParams.set(name, value);
      }
    } else if ("half" in outcome) {
      hash.set("message", ACCEPTED);
      if (isPkce) to.searchParams.set("message", ACCEPTED);
    } else if (isPkce && link) {
      to.searchParams.set("code", this.#links.newCode(link, outcome.session));
    } else {
      const { access_token, expires_at, expires_in, refresh_token } = complete(outcome.session);
      const parts = { access_token, expires_at, expires_in, refresh_token, token_type: "bearer", type };
      for (const [name, value] of Object.entries(parts)) hash.set(name, String(value));
    }
    if ([...hash].length > 0) hash.set("sb", "");
    to.hash = hash.toString();
    // Go, unlike URL, adds no slash to an address without a path.
    const location = to.href.replace(/^(https?:\/\/[^/]+)\/(?=[?#]|$)/, base.endsWith("/") ? "$&" : "$1");
    return { status: 303, body: "", headers: { Location: location } };
  }

  async #spend(request: HostedRequest, type: string, tokenHash: string): Promise<Outcome> {
    const refused = (status: number, code: string, message: string) => ({
      refused: refusal(request, status, code, message),
    });
    if (!TYPES.includes(type)) return refused(400, "validation_failed", "Invalid email verification type");
    const expired = refused(403, "otp_expired", "Email link is invalid or has expired");
    const link = this.#links.find(tokenHash);
    if (!link && (this.#links.has(tokenHash) || this.#links.isOver(Date.now()))) return expired;
    if (link?.kind === "confirmation") {
      if (!CONFIRMATIONS.includes(type)) return expired;
      this.#links.spend(tokenHash);
      const session = this.#accounts.confirm(link.userId);
      return session ? { session } : expired;
    }
    if (link && type !== "email_change") return expired;
    const change = link?.upstreamHash;
    this.#links.spend(tokenHash);
    if (change && this.#settings.confirmEmail && !this.#half.has(change)) {
      this.#half.add(change);
      return { half: true };
    }
    const reply = await this.#upstream.auth("POST", "/verify", { type, token_hash: change ?? tokenHash });
    const { error_code, msg } = reply.said;
    if (reply.status !== 200) return refused(reply.status, String(error_code), String(msg));
    // To open any link proves the address.
    this.#accounts.confirm(String(Object(reply.said.user).id));
    return { session: reply.said };
  }

  /** https://github.com/supabase/auth/blob/master/internal/utilities/request.go, GetReferrer */
  #redirect(wanted: string | null): string {
    const { siteUrl, redirectUrls } = this.#settings;
    const isAllowed =
      wanted !== null &&
      URL.canParse(wanted) &&
      (new URL(wanted).origin === new URL(siteUrl).origin || redirectUrls.includes(wanted));
    return isAllowed ? wanted : siteUrl;
  }
}
