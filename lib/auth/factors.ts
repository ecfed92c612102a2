import "server-only";
import type { AuthError } from "@supabase/supabase-js";
import { recordAccount } from "../activity/record";
import { env } from "../env";
import { sessionClient } from "../supabase/server";
import { vaultProblem } from "../vault/errors";
import { type Factor, isVerified, readSession, type Session } from "../vault/session/session";
import { tryCode } from "./code";
import { explainAuthError } from "./explain";
import { accountProblem, unavailable } from "./messages";
import { getSession } from "./session";

/** What an authenticator app is called at the auth server, where each factor of a person has another name. */
const NAME = "Authenticator app";

/** What the account page shows of a second factor. */
export interface SecondFactor {
  id: string;
  /** `totp`, `phone` or `webauthn`. */
  type: string;
  /** When it was set up, ISO 8601; null where the auth server does not say. */
  since: string | null;
}

/** A setup that is under way. Whoever has the secret can make codes, so it is shown this once. */
export interface Enrolment {
  id: string;
  /** The address of a picture, which holds the picture itself. */
  qrCode: string;
  /** In Base32, RFC 4648, for apps without a camera. */
  secret: string;
}

const publicOf = ({ id, factor_type, created_at }: Factor): SecondFactor => ({
  ...{ id, type: factor_type, since: created_at ?? null },
});

const isApp = ({ factor_type }: Factor) => factor_type === "totp";

/**
 * What the account page's card needs. Asks the auth server for nothing where the page knows the session already, but
 * whether there can be factors, if the person has none.
 */
export async function readSecondFactors(): Promise<{ factors: SecondFactor[]; isOffered: boolean }> {
  const factors = ((await getSession())?.factors ?? []).filter(isVerified).map(publicOf);
  if (factors.length > 0) return { factors, isOffered: true };
  // Where it cannot be found out, the rest of the page is more useful than an error in its place.
  return { factors, isOffered: await areFactorsOffered(await sessionClient()).catch(() => false) };
}

/**
 * Whether the auth server has second factors at all: hosted Supabase has, the embedded one has not. Asks for a factor of
 * no type, which is refused in words that only a server with factors has, and leaves nothing behind:
 * https://github.com/supabase/auth/blob/master/internal/api/mfa.go
 *
 * @throws Problem unauthenticated, auth_unavailable
 */
async function areFactorsOffered({ auth }: Session): Promise<boolean> {
  const { error } = await auth.mfa.enroll({ factorType: "" as "totp" }).catch((cause) => {
    throw unavailable(cause);
  });
  if (error?.code === "validation_failed") return true;
  if (error?.status === 404) return false;
  throw error ? explainAuthError(error) : unavailable(undefined);
}

/**
 * Begins to set up an authenticator app. One that was begun before and not finished is given up.
 *
 * @throws Problem unauthenticated, second_factor_exists, second_factor_disabled, auth_unavailable
 */
export async function enrol(session: Session): Promise<Enrolment> {
  const apps = (await stateOf(session)).factors.filter(isApp);
  if (apps.some(isVerified)) throw accountProblem("second_factor_exists");
  if (!(await areFactorsOffered(session))) throw accountProblem("second_factor_disabled");
  for (const { id } of apps) await unenrol(session, id);
  const issuer = new URL(env().siteOrigin).host;
  const { data, error } = await session.auth.mfa
    .enroll({ factorType: "totp", friendlyName: NAME, issuer })
    .catch((cause) => {
      throw unavailable(cause);
    });
  if (error) return refuse(session, error);
  const { id, totp } = data;
  if (!totp?.qr_code || !totp.secret) throw unavailable(undefined);
  return { id, qrCode: pictureOf(totp.qr_code), secret: totp.secret };
}

/** The library puts the SVG into an address as it is; `#` would end it, and `%` begin an escape. */
function pictureOf(address: string): string {
  const svg = address.replace(/^data:image\/svg\+xml;utf-8,/, "");
  return `data:image/svg+xml;utf-8,${encodeURIComponent(svg)}`;
}

/**
 * Ends the setup of an authenticator app with its first code. The auth server then ends all sessions of the person
 * without a second factor; this one has it, and the reply sets its new cookie.
 *
 * @param id from {@link enrol}
 * @throws Problem as of verifyCode()
 */
export async function finishEnrolment(session: Session, id: string, code: string): Promise<void> {
  const { user, factors } = await stateOf(session);
  const begun = factors.find((factor) => factor.id === id && isApp(factor) && !isVerified(factor));
  if (!begun) throw accountProblem("second_factor_not_found");
  await tryCode(session.auth, user.id, [id], code);
  await recordAccount(user.id, "factor_added");
}

/**
 * Removes a second factor. After the last one, the account is back to its password; a session whose own code came from
 * the removed one needs a code of another.
 *
 * @throws Problem unauthenticated, second_factor_not_found, auth_unavailable
 */
export async function removeFactor(session: Session, id: string): Promise<void> {
  const { user, factors } = await stateOf(session);
  const factor = factors.find((factor) => factor.id === id);
  if (!factor) throw accountProblem("second_factor_not_found");
  await unenrol(session, id);
  // One that was not set up yet protected nothing.
  if (isVerified(factor)) await recordAccount(user.id, "factor_removed");
  await renew(session);
}

async function unenrol(session: Session, factorId: string): Promise<void> {
  const { error } = await session.auth.mfa.unenroll({ factorId }).catch((cause) => {
    throw unavailable(cause);
  });
  if (error) await refuse(session, error);
}

async function refuse(session: Session, error: AuthError): Promise<never> {
  if (error.code !== "insufficient_aal") throw explainAuthError(error);
  // The factor that this session's code came from was removed elsewhere.
  await renew(session);
  throw vaultProblem("unauthenticated");
}

/** Has the session's token say what the auth server knows of the session by now. If that fails, the next renewal does. */
async function renew({ auth }: Session): Promise<void> {
  await auth.refreshSession().catch(() => {});
}

async function stateOf(session: Session) {
  const state = await readSession(session);
  if (!state || state.isCodeMissing) throw vaultProblem("unauthenticated");
  return state;
}
