import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { TEST_JWT_SECRET } from "./keys.ts";
import { fromBase32, STEP_SECONDS, stepNow, toBase32, totp } from "./totp.ts";

/**
 * A stand-in for the second factors of Supabase Auth (GoTrue), which the embedded auth server does not have: a proxy in
 * front of it that adds them, as far as TOTP goes. Everything else is the embedded server's own answer. It is written
 * from GoTrue's source, https://github.com/supabase/auth/blob/master/internal/api/mfa.go, and documentation,
 * https://supabase.com/docs/guides/auth/auth-mfa: statuses and codes of refusals are GoTrue's.
 *
 * - `POST /factors` enrols, `POST /factors/:id/challenge` and `POST /factors/:id/verify` take a code and give a session
 *   with `aal2`, `DELETE /factors/:id` removes. As in GoTrue, a factor's first code ends the person's sessions that have
 *   only `aal1`, and a code is taken as often as it is sent, each time for a new challenge.
 * - Users have `factors`, tokens the claims `aal` and `amr`, which outlive renewals.
 *
 * Other than GoTrue, it takes the codes of the next minutes too, so that nobody waits for the next one. It keeps all
 * this in memory, and limits nothing.
 */
export async function startFactorStandIn(port: number, target: string): Promise<{ close(): Promise<void> }> {
  const standIn = new FactorStandIn(target);
  const server = createServer((incoming, outgoing) => {
    standIn.answer(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Steps that a code may be ahead; GoTrue has 1. */
const STEPS_AHEAD = 20;
/** What every phone gets, as a project with numbers for tests has it. */
export const PHONE_CODE = "111111";
const CHALLENGE_MS = 300_000;

interface Factor {
  id: string;
  userId: string;
  name: string;
  type: string;
  status: "verified" | "unverified";
  createdAt: string;
  secret: string;
  challenges: Map<string, number>;
}

/** A session that came by. */
interface SeenSession {
  userId: string;
  accessToken: string;
  refreshToken: string;
  /** When the code was given, in seconds; undefined for aal1. */
  codeAt?: number;
  factorId?: string;
}

type Json = Record<string, unknown>;
type Answer = [status: number, body: Json];

const refusal = (status: number, code: string, message: string): Answer => [status, { code, message }];

class FactorStandIn {
  readonly #target: string;
  readonly #factors = new Map<string, Factor>();
  readonly #sessions = new Map<string, SeenSession>();

  constructor(target: string) {
    this.#target = target;
  }

  async answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = Buffer.concat(await incoming.toArray());
    const url = new URL(incoming.url ?? "/", this.#target);
    const [, ofFactors] = /^\/auth\/v1\/factors(\/.*)?$/.exec(url.pathname) ?? [undefined, null];
    if (ofFactors !== null) {
      const [status, reply] = await this.#factorRequest(incoming, ofFactors ?? "", body);
      const headers = { "Content-Type": "application/json", "X-Supabase-Api-Version": "2024-01-01" };
      return void outgoing.writeHead(status, headers).end(JSON.stringify(reply));
    }
    const reply = await this.#ask(url.pathname + url.search, incoming.method, incoming.headers, body);
    const headers = Object.fromEntries(
      [...reply.headers].filter(([name]) => !/^(content-(length|encoding)|transfer-encoding)$/.test(name)),
    );
    const bytes = Buffer.from(await reply.arrayBuffer());
    const isAuth = reply.ok && url.pathname.startsWith("/auth/v1/") && bytes.length > 0;
    outgoing.writeHead(reply.status, headers).end(isAuth ? this.#complete(bytes) : bytes);
  }

  #ask(path: string, method = "GET", from: IncomingMessage["headers"] = {}, body?: Buffer | string) {
    const { host: _, connection: __, "content-length": ___, ...kept } = from;
    const headers = Object.entries(kept).map(([name, value]): [string, string] => [name, String(value)]);
    const hasBody = method !== "GET" && method !== "HEAD" && body !== undefined && body.length > 0;
    return fetch(new URL(path, this.#target), {
      ...{ method, headers, redirect: "manual" },
      ...(hasBody && { body: typeof body === "string" ? body : new Uint8Array(body) }),
    });
  }

  /** Adds to a user, or to a session with one, what GoTrue says besides. */
  #complete(bytes: Buffer): Buffer | string {
    let said: Json;
    try {
      said = JSON.parse(bytes.toString());
    } catch {
      return bytes;
    }
    if (typeof said?.access_token === "string") return JSON.stringify(this.#sessionOf(said));
    return typeof said?.id === "string" && said.aud ? JSON.stringify(this.#userOf(said)) : bytes;
  }

  #userOf(user: Json): Json {
    const mine = [...this.#factors.values()].filter(({ userId }) => userId === user.id);
    if (mine.length === 0) return user;
    return {
      ...user,
      factors: mine.map(({ id, name, type, status, createdAt }) => ({
        ...{ id, status, friendly_name: name, factor_type: type },
        ...{ created_at: createdAt, updated_at: createdAt },
      })),
    };
  }

  /** The reply to a sign-in or a renewal, with a token that says how far the session is. */
  #sessionOf(said: Json): Json {
    const claims = claimsOf(String(said.access_token));
    const id = String(claims.session_id);
    const known = this.#sessions.get(id);
    const seen: SeenSession = {
      ...known,
      userId: String(claims.sub),
      accessToken: String(said.access_token),
      refreshToken: String(said.refresh_token),
    };
    this.#sessions.set(id, seen);
    const amr = [{ method: "password", timestamp: claims.iat }];
    if (seen.codeAt) amr.unshift({ method: "totp", timestamp: seen.codeAt });
    return {
      ...said,
      access_token: sign({ ...claims, aal: seen.codeAt ? "aal2" : "aal1", amr }),
      user: this.#userOf(Object(said.user)),
    };
  }

  async #factorRequest(incoming: IncomingMessage, path: string, body: Buffer): Promise<Answer> {
    const { authorization = "", apikey } = incoming.headers;
    const headers = { authorization, apikey: String(apikey) };
    const asked = await this.#ask("/auth/v1/user", "GET", headers);
    if (!asked.ok) return [asked.status, (await asked.json()) as Json];
    const user = (await asked.json()) as { id: string; email: string };
    const claims = claimsOf(authorization.slice("Bearer ".length));
    const isAal2 = this.#sessions.get(String(claims.session_id))?.codeAt !== undefined;
    const sent: Json = body.length > 0 ? JSON.parse(body.toString()) : {};
    if (path === "" && incoming.method === "POST") return this.#enrol(user, isAal2, sent);
    const [, id = "", action] = /^\/([^/]+)(?:\/(challenge|verify))?$/.exec(path) ?? [];
    const factor = this.#factors.get(id);
    if (factor?.userId !== user.id) return refusal(404, "mfa_factor_not_found", "Factor not found");
    if (action === "challenge" && incoming.method === "POST") {
      const challenge = randomUUID();
      factor.challenges.set(challenge, Date.now() + CHALLENGE_MS);
      const expires_at = Math.floor((Date.now() + CHALLENGE_MS) / 1000);
      return [200, { id: challenge, type: factor.type, expires_at }];
    }
    if (action === "verify" && incoming.method === "POST") {
      return this.#verify(factor, String(claims.session_id), sent, headers);
    }
    if (action !== undefined || incoming.method !== "DELETE") return refusal(405, "", "Method not allowed");
    if (factor.status === "verified" && !isAal2) {
      return refusal(422, "insufficient_aal", "AAL2 required to unenroll verified factor");
    }
    this.#factors.delete(id);
    for (const session of this.#sessions.values()) {
      if (session.factorId === id) delete session.codeAt;
    }
    return [200, { id }];
  }

  #enrol(user: { id: string; email: string }, isAal2: boolean, sent: Json): Answer {
    const type = sent.factor_type;
    if (type === "webauthn") {
      return refusal(422, "mfa_webauthn_enroll_not_enabled", "MFA enroll is disabled for WebAuthn");
    }
    if (type !== "totp" && type !== "phone") {
      return refusal(400, "validation_failed", "factor_type needs to be totp, phone, or webauthn");
    }
    const mine = [...this.#factors.values()].filter(({ userId }) => userId === user.id);
    if (mine.some(({ name }) => name === (sent.friendly_name ?? ""))) {
      return refusal(422, "mfa_factor_name_conflict", "A factor with the friendly name already exists");
    }
    if (mine.some(({ status }) => status === "verified") && !isAal2) {
      return refusal(403, "insufficient_aal", "AAL2 required to enroll a new factor");
    }
    const [id, secret, name] = [randomUUID(), toBase32(randomBytes(20)), String(sent.friendly_name ?? "")];
    const createdAt = new Date().toISOString();
    this.#factors.set(id, {
      ...{ id, userId: user.id, name, type, status: "unverified", createdAt, secret },
      challenges: new Map(),
    });
    const issuer = encodeURIComponent(String(sent.issuer));
    const uri = `otpauth://totp/${issuer}:${user.email}?issuer=${issuer}&period=${STEP_SECONDS}&secret=${secret}`;
    if (type === "phone") return [200, { id, type, friendly_name: name, phone: sent.phone }];
    return [200, { id, type, friendly_name: name, totp: { qr_code: PICTURE, secret, uri } }];
  }

  async #verify(
    factor: Factor,
    sessionId: string,
    sent: Json,
    headers: Record<string, string>,
  ): Promise<Answer> {
    const expires = factor.challenges.get(String(sent.challenge_id));
    if (!expires)
      return refusal(422, "mfa_factor_not_found", "MFA factor with the provided challenge ID not found");
    if (expires < Date.now()) return refusal(422, "mfa_challenge_expired", "MFA challenge has expired");
    if (!codesOf(factor).includes(String(sent.code))) {
      return refusal(422, "mfa_verification_failed", "Invalid TOTP code entered");
    }
    const session = this.#sessions.get(sessionId);
    if (!session)
      return refusal(403, "session_not_found", "Session from session_id claim in JWT does not exist");
    factor.challenges.delete(String(sent.challenge_id));
    factor.status = "verified";
    session.codeAt = Math.floor(Date.now() / 1000);
    session.factorId = factor.id;
    await this.#endLesserSessions(factor.userId, headers);
    // The same session with new tokens.
    const renewed = await this.#ask(
      "/auth/v1/token?grant_type=refresh_token",
      "POST",
      { apikey: headers.apikey, "content-type": "application/json" },
      JSON.stringify({ refresh_token: session.refreshToken }),
    );
    const said = (await renewed.json()) as Json;
    return [renewed.status, renewed.ok ? this.#sessionOf(said) : said];
  }

  async #endLesserSessions(userId: string, headers: Record<string, string>): Promise<void> {
    for (const [id, { userId: owner, codeAt, accessToken }] of this.#sessions) {
      if (owner !== userId || codeAt) continue;
      this.#sessions.delete(id);
      const authorization = `Bearer ${accessToken}`;
      await this.#ask("/auth/v1/logout?scope=local", "POST", { ...headers, authorization });
    }
  }
}

function codesOf({ type, secret }: Factor): string[] {
  if (type === "phone") return [PHONE_CODE];
  const previous = stepNow() - 1;
  return Array.from({ length: STEPS_AHEAD + 2 }, (_, index) => totp(fromBase32(secret), previous + index));
}

/** No QR code, which would take a library; it has what may not stand in an address as it is. */
const PICTURE =
  '<?xml version="1.0"?><svg width="60" height="60" xmlns="http://www.w3.org/2000/svg">' +
  '<rect width="60" height="60" style="fill:#ffffff"/><path d="M0 0h30v30h30v30h-30v-30h-30z" fill="#000000"/><!-- 100% --></svg>';

const claimsOf = (token: string): Json =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());

/** RFC 7515 with HS256. */
function sign(claims: Json): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const text = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
  return `${text}.${createHmac("sha256", TEST_JWT_SECRET).update(text).digest("base64url")}`;
}
