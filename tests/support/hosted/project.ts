import { Accounts } from "./accounts.ts";
import { type Answer, asAsked, type Json, jsonOf, refusal } from "./answers.ts";
import { Factors } from "./factors.ts";
import { type Caller, passGateway, withKey } from "./gateway.ts";
import { Limits } from "./limits.ts";
import { Links } from "./links.ts";
import { Sessions } from "./sessions.ts";
import type { HostedAnswer, HostedRequest, HostedSettings } from "./settings.ts";
import { SigningKey } from "./tokens.ts";
import { type Reply, Upstream } from "./upstream.ts";
import { Verification } from "./verify.ts";

/** Of an upstream reply, what the client does not get as it is: it depends on the bytes. */
const OF_BYTES = /^(content-(length|encoding)|transfer-encoding|connection|keep-alive|date)$/;

/** One project: the gateway, then Auth or the Data API, then the embedded server. */
export class HostedProject {
  readonly #settings: HostedSettings;
  readonly #upstream: Upstream;
  readonly #key = new SigningKey();
  readonly #sessions: Sessions;
  readonly #limits: Limits;
  readonly #factors: Factors;
  readonly #accounts: Accounts;
  readonly #verification: Verification;

  constructor(target: string, settings: HostedSettings) {
    this.#settings = settings;
    this.#upstream = new Upstream(target);
    this.#sessions = new Sessions(settings, this.#key);
    this.#limits = new Limits(settings);
    this.#factors = new Factors(this.#upstream, this.#sessions);
    this.#sessions.factorsOf = (userId) => this.#factors.of(userId);
    const links = new Links(settings, this.#upstream);
    this.#accounts = new Accounts(settings, this.#upstream, this.#limits, links);
    this.#verification = new Verification(settings, this.#upstream, this.#accounts, links);
  }

  /** Where it answers, which its tokens name. */
  set url(url: string) {
    this.#sessions.url = url;
  }

  /** @param address that the connection comes from */
  async answer(request: HostedRequest, address: string): Promise<HostedAnswer> {
    const unusual = this.#settings.answer(request);
    if (unusual !== undefined) return unusual;
    const caller = passGateway(request, this.#settings);
    if (typeof caller !== "string") return caller;
    const isAuth = request.path.startsWith("/auth/v1/");
    const inner = this.#translate(withKey(request, caller, this.#settings));
    if (!inner) return isAuth ? badToken(request) : BAD_TOKEN;
    return isAuth ? this.#auth(inner, request, caller, address) : this.#data(inner);
  }

  /** With the session's token as the embedded server signs them; undefined for one that this project has not signed. */
  #translate(request: HostedRequest): HostedRequest | undefined {
    const { authorization } = request.headers;
    if (!authorization) return request;
    const token = this.#key.translate(authorization.replace(/^Bearer /i, ""));
    return token
      ? { ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } }
      : undefined;
  }

  /** https://docs.postgrest.org/en/v14/references/api/schemas.html */
  async #data(request: HostedRequest): Promise<Answer> {
    const { "accept-profile": accept, "content-profile": content } = request.headers;
    const schema = (/^(GET|HEAD)$/.test(request.method) ? accept : content) ?? "public";
    const { exposedSchemas } = this.#settings;
    if (!exposedSchemas.includes(schema)) {
      const hint = `Only the following schemas are exposed: ${exposedSchemas.join(", ")}`;
      const body = { code: "PGRST106", details: null, hint, message: `Invalid schema: ${schema}` };
      return { status: 406, body };
    }
    return passedOn(await this.#upstream.ask(request));
  }

  async #auth(request: HostedRequest, sent: HostedRequest, caller: Caller, address: string): Promise<Answer> {
    const path = request.path.replace(/\?.*/s, "").slice("/auth/v1".length);
    const endpoint = `${request.method} ${path}`;
    const isAdmin = caller === "secret" && request.headers.authorization === undefined;
    const refused =
      this.#limits.requests(request, endpoint, address, caller === "secret") ??
      this.#limits.captcha(request, endpoint, isAdmin, jsonOf(request.body));
    if (refused) return refused;
    if (endpoint === "GET /verify") {
      return this.#verification.get(request, (session) => this.#sessions.complete(session, "otp"));
    }
    if (endpoint === "GET /.well-known/jwks.json") {
      return { status: 200, body: this.#settings.signing === "ES256" ? this.#key.jwks : { keys: [] } };
    }
    const own = await this.#own(request, endpoint, path);
    const answer = own ?? passedOn(await this.#upstream.ask(request));
    return this.#finished(sent, answer, endpoint === "POST /verify" ? "otp" : "password");
  }

  async #own(request: HostedRequest, endpoint: string, path: string): Promise<Answer | undefined> {
    if (endpoint === "POST /verify") return this.#verification.post(request);
    const factors = /^\/factors(\/.*)?$/.exec(path);
    if (factors) return this.#factors.answer(request, factors[1] ?? "");
    if (endpoint === "PUT /user") {
      const token = (request.headers.authorization ?? "").replace(/^Bearer /i, "");
      if (token && this.#factors.isCodeMissing(token)) {
        const message = "AAL2 session is required to update email or password when MFA is enabled.";
        return refusal(request, 401, "insufficient_aal", message);
      }
    }
    if (endpoint === "GET /settings") return this.#said(request, this.#publicSettings);
    if (endpoint === "GET /health") return this.#said(request, () => ({ version: "v2.196.0" }));
    return this.#accounts.answer(request, endpoint);
  }

  /** The embedded server's answer with members of GoTrue's. */
  async #said(request: HostedRequest, change: (said: Json) => Json): Promise<Answer> {
    const { status, said } = await this.#upstream.ask(request);
    return { status, body: { ...said, ...change(said) } };
  }

  /** https://github.com/supabase/auth/blob/master/internal/api/settings.go */
  readonly #publicSettings = ({ external }: Json): Json => {
    const { signUp, emailProvider, confirmEmail } = this.#settings;
    return {
      external: { ...Object(external), email: emailProvider },
      ...{ disable_signup: !signUp, mailer_autoconfirm: !confirmEmail, passkeys_enabled: false },
    };
  };

  #finished(request: HostedRequest, answer: Answer, method: "password" | "otp"): Answer {
    const said = Buffer.isBuffer(answer.body) ? jsonOf(answer.body.toString()) : Object(answer.body);
    if (answer.status >= 400) {
      const asked = asAsked(request, answer.status, said);
      return asked ? { ...asked, headers: { ...answer.headers, ...asked.headers } } : answer;
    }
    if (Object.keys(said).length === 0) return answer;
    const { "content-type": _, ...headers } = answer.headers ?? {};
    return { ...answer, headers, body: this.#sessions.complete(said, method) };
  }
}

const passedOn = ({ status, headers, bytes }: Reply): Answer => ({
  ...{ status, body: bytes },
  headers: Object.fromEntries([...headers].filter(([name]) => !OF_BYTES.test(name))),
});

/** https://github.com/supabase/auth/blob/master/internal/api/auth.go */
const badToken = (request: HostedRequest): Answer =>
  refusal(
    request,
    403,
    "bad_jwt",
    "invalid JWT: unable to parse or verify signature, token signature is invalid",
  );

/** https://docs.postgrest.org/en/v14/references/errors.html */
const BAD_TOKEN: Answer = {
  status: 401,
  body: {
    code: "PGRST301",
    details: "None of the keys was able to decode the JWT",
    hint: null,
    message: "No suitable key or wrong key type",
  },
};
