import { randomBytes, randomUUID } from "node:crypto";
import { fromBase32, STEP_SECONDS, stepNow, toBase32, totp } from "../totp.ts";
import { type Answer, type Json, jsonOf, refusal } from "./answers.ts";
import type { Sessions } from "./sessions.ts";
import type { HostedRequest } from "./settings.ts";
import { claimsOf } from "./tokens.ts";
import type { Upstream } from "./upstream.ts";

/** Steps that a code may be ahead; GoTrue has 1. */
const STEPS_AHEAD = 20;
/** What every phone gets, as a project with numbers for tests has it. */
export const PHONE_CODE = "111111";
const CHALLENGE_MS = 300_000;

type Refuse = (status: number, code: string, message: string) => Answer;

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

/**
 * Second factors, as far as TOTP goes: https://github.com/supabase/auth/blob/master/internal/api/mfa.go and
 * https://supabase.com/docs/guides/auth/auth-mfa.
 *
 * - `POST /factors` enrols, `POST /factors/:id/challenge` and `POST /factors/:id/verify` take a code and give a session
 *   with `aal2`, `DELETE /factors/:id` removes. As in GoTrue, a factor's first code ends the person's sessions that have
 *   only `aal1`, and a code is taken as often as it is sent, each time for a new challenge.
 * - Users have `factors`, tokens the claims `aal` and `amr`, which outlive renewals.
 *
 * Other than GoTrue, it takes the codes of the next minutes too, so that nobody waits for the next one.
 */
export class Factors {
  readonly #upstream: Upstream;
  readonly #sessions: Sessions;
  readonly #factors = new Map<string, Factor>();

  constructor(upstream: Upstream, sessions: Sessions) {
    this.#upstream = upstream;
    this.#sessions = sessions;
  }

  /** As users have them; GoTrue leaves the member out where there are none. */
  of(userId: string): Json[] {
    return [...this.#factors.values()]
      .filter((factor) => factor.userId === userId)
      .map(({ id, name, type, status, createdAt }) => ({
        ...{ id, status, friendly_name: name, factor_type: type },
        ...{ created_at: createdAt, updated_at: createdAt },
      }));
  }

  /** Whether somebody has set one up, and this session has not given its code: user.go. */
  isCodeMissing(token: string): boolean {
    const { sub, session_id } = claimsOf(token);
    const isOn = this.of(String(sub)).some(({ status }) => status === "verified");
    return isOn && this.#sessions.seen.get(String(session_id))?.codeAt === undefined;
  }

  /**
   * Answers a request to `/factors`.
   *
   * @param path behind that
   */
  async answer(request: HostedRequest, path: string): Promise<Answer> {
    const { method, body } = request;
    const refuse = (status: number, code: string, message: string) => refusal(request, status, code, message);
    const token = (request.headers.authorization ?? "").replace(/^Bearer /i, "");
    const asked = await this.#upstream.auth("GET", "/user", undefined, token);
    if (asked.status !== 200) return { status: asked.status, body: asked.said };
    const user = { id: String(asked.said.id), email: String(asked.said.email) };
    const sessionId = String(claimsOf(token).session_id);
    const isAal2 = this.#sessions.seen.get(sessionId)?.codeAt !== undefined;
    const sent = jsonOf(body);
    if (path === "" && method === "POST") return this.#enrol(user, isAal2, sent, refuse);
    const [, id = "", action] = /^\/([^/]+)(?:\/(challenge|verify))?$/.exec(path) ?? [];
    const factor = this.#factors.get(id);
    if (factor?.userId !== user.id) return refuse(404, "mfa_factor_not_found", "Factor not found");
    if (action === "challenge" && method === "POST") {
      const challenge = randomUUID();
      factor.challenges.set(challenge, Date.now() + CHALLENGE_MS);
      const expires_at = Math.floor((Date.now() + CHALLENGE_MS) / 1000);
      return { status: 200, body: { id: challenge, type: factor.type, expires_at } };
    }
    if (action === "verify" && method === "POST") {
      return this.#verify(factor, sessionId, sent, refuse);
    }
    if (action !== undefined || method !== "DELETE") return refuse(405, "", "Method not allowed");
    if (factor.status === "verified" && !isAal2) {
      return refuse(422, "insufficient_aal", "AAL2 required to unenroll verified factor");
    }
    this.#factors.delete(id);
    for (const session of this.#sessions.seen.values()) {
      if (session.factorId === id) delete session.codeAt;
    }
    return { status: 200, body: { id } };
  }

  #enrol(user: { id: string; email: string }, isAal2: boolean, sent: Json, refuse: Refuse): Answer {
    const type = sent.factor_type;
    if (type === "webauthn") {
      return refuse(422, "mfa_webauthn_enroll_not_enabled", "MFA enroll is disabled for WebAuthn");
    }
    if (type !== "totp" && type !== "phone") {
      return refuse(400, "validation_failed", "factor_type needs to be totp, phone, or webauthn");
    }
    const mine = [...this.#factors.values()].filter(({ userId }) => userId === user.id);
    if (mine.some(({ name }) => name === (sent.friendly_name ?? ""))) {
      return refuse(422, "mfa_factor_name_conflict", "A factor with the friendly name already exists");
    }
    if (mine.some(({ status }) => status === "verified") && !isAal2) {
      return refuse(403, "insufficient_aal", "AAL2 required to enroll a new factor");
    }
    const [id, secret, name] = [randomUUID(), toBase32(randomBytes(20)), String(sent.friendly_name ?? "")];
    const createdAt = new Date().toISOString();
    this.#factors.set(id, {
      ...{ id, userId: user.id, name, type, status: "unverified", createdAt, secret },
      challenges: new Map(),
    });
    const issuer = encodeURIComponent(String(sent.issuer));
    const uri = `otpauth://totp/${issuer}:${user.email}?issuer=${issuer}&period=${STEP_SECONDS}&secret=${secret}`;
    if (type === "phone") return { status: 200, body: { id, type, friendly_name: name, phone: sent.phone } };
    return { status: 200, body: { id, type, friendly_name: name, totp: { qr_code: PICTURE, secret, uri } } };
  }

  async #verify(factor: Factor, sessionId: string, sent: Json, refuse: Refuse): Promise<Answer> {
    const expires = factor.challenges.get(String(sent.challenge_id));
    if (!expires)
      return refuse(422, "mfa_factor_not_found", "MFA factor with the provided challenge ID not found");
    if (expires < Date.now()) return refuse(422, "mfa_challenge_expired", "MFA challenge has expired");
    if (!codesOf(factor).includes(String(sent.code))) {
      return refuse(422, "mfa_verification_failed", "Invalid TOTP code entered");
    }
    const session = this.#sessions.seen.get(sessionId);
    if (!session)
      return refuse(403, "session_not_found", "Session from session_id claim in JWT does not exist");
    factor.challenges.delete(String(sent.challenge_id));
    factor.status = "verified";
    session.codeAt = Math.floor(Date.now() / 1000);
    session.factorId = factor.id;
    await this.#endLesserSessions(factor.userId);
    // The same session with new tokens.
    const refresh = { refresh_token: session.refreshToken };
    const { status, said } = await this.#upstream.auth("POST", "/token?grant_type=refresh_token", refresh);
    return { status, body: said };
  }

  async #endLesserSessions(userId: string): Promise<void> {
    for (const [id, { userId: owner, codeAt, accessToken }] of this.#sessions.seen) {
      if (owner !== userId || codeAt) continue;
      this.#sessions.seen.delete(id);
      await this.#upstream.auth("POST", "/logout?scope=local", undefined, accessToken);
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
