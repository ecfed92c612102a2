import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { cookiesOf, hostCookie } from "../vault/session/cookies";

/** The session that is confirmed, and whose it is. */
export interface ConfirmedSession {
  /** UUID of the person. */
  id: string;
  /** UUID of the session. One without is never confirmed. */
  sessionId?: string | undefined;
}

/** What a cookie of this kind says of a session. */
export interface Proof {
  /** The cookie's name; over https `__Host-` precedes it. */
  name: string;
  /** Is signed along, so that a proof of one thing is none of another. */
  purpose: string;
}

/** That the person has entered their password. */
const CONFIRMATION: Proof = { name: "vault-confirmed", purpose: "vault confirmation v1" };

const KEY_BYTES = 32;
/** Seconds by which the clocks of two servers of ours may differ. */
const SKEW = 5;
/** Seconds since 1970, and an HMAC-SHA-256 in unpadded base64url. */
const FORM = /^([1-9]\d{9,10})\.([\w-]{43})$/;

/**
 * Name and attributes of the cookie that says when a person has last entered their password, or of another proof.
 *
 * @param siteOrigin where people reach the app; over https the name begins with `__Host-`, as the session cookie's does
 */
export const confirmationCookie = (siteOrigin: string, { name } = CONFIRMATION) =>
  hostCookie(siteOrigin, name);

/**
 * The content of that cookie: a time, and an HMAC-SHA-256 (RFC 2104) that binds it to one session of one person. Its key
 * is derived by HKDF (RFC 5869) from Supabase's secret key, which every server of the app has.
 *
 * @param at milliseconds since 1970
 * @throws Error for a session without an id
 */
export function signConfirmation(
  secretKey: string,
  session: ConfirmedSession,
  at: number,
  { purpose } = CONFIRMATION,
): string {
  if (!session.sessionId) throw new Error("A session without an id cannot be confirmed.");
  const seconds = Math.floor(at / 1_000);
  const key = Buffer.from(hkdfSync("sha256", secretKey, "", purpose, KEY_BYTES));
  const text = JSON.stringify([purpose, session.id, session.sessionId, seconds]);
  return `${seconds}.${createHmac("sha256", key).update(text).digest("base64url")}`;
}

/**
 * Whether a request carries the confirmation of this very session, and it is still valid. Two cookies of the name are
 * none: another host under the same domain can add one, and nothing tells them apart.
 *
 * @param header the raw `Cookie` header
 * @param minutes for which a confirmation is valid
 * @param now milliseconds since 1970
 */
export function isConfirmed(
  header: string | null,
  { siteOrigin, secretKey, minutes }: { siteOrigin: string; secretKey: string; minutes: number },
  session: ConfirmedSession,
  now: number,
  proof = CONFIRMATION,
): boolean {
  const { name } = confirmationCookie(siteOrigin, proof);
  const [cookie, ...others] = cookiesOf(header, name).filter((each) => each.name === name);
  const seconds = Number(FORM.exec(cookie?.value ?? "")?.[1]);
  if (!cookie || others.length > 0 || Number.isNaN(seconds) || !session.sessionId) return false;
  const age = now / 1_000 - seconds;
  if (age < -SKEW || age >= minutes * 60) return false;
  const expected = Buffer.from(signConfirmation(secretKey, session, seconds * 1_000, proof));
  const given = Buffer.from(cookie.value);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
