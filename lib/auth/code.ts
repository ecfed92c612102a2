import "server-only";
import type { AuthError } from "@supabase/supabase-js";
import { authServer } from "../supabase/server";
import { vaultProblem } from "../vault/errors";
import { Problem } from "../vault/http/problem";
import { noteUser } from "../vault/http/request-context";
import { networkOf } from "../vault/session/client-address";
import { type Factor, isVerified, readSession, type Session } from "../vault/session/session";
import { limitFailures } from "../vault/session/tries";
import { explainAuthError } from "./explain";
import { accountProblem, unavailable } from "./messages";

type AuthClient = Session["auth"];

const WINDOW_MS = 5 * 60_000;
const PATIENCE_MS = 7_500;

/** Of a million codes, the auth server takes three at any time. */
const withinPerson = limitFailures(5, WINDOW_MS, PATIENCE_MS);
const withinNetwork = limitFailures(15, WINDOW_MS, PATIENCE_MS);

/** The auth server takes a code for 30 seconds, and for 30 more before and after them. */
const CODE_MS = 90_000;

/** Codes that were taken or are being tried, by person, and until when they count as used. */
const used = new Map<string, number>();

/**
 * Checks the code of an authenticator app against the person's own authenticators. The session then has the second
 * factor, and the reply sets its new cookie.
 *
 * @param code as typed; spaces do not count
 * @throws Problem unauthenticated, code_malformed, wrong_code, too_many_attempts, auth_unavailable;
 *   second_factor_not_found where the person has no authenticator app
 */
export async function verifyCode(session: Session, code: string): Promise<void> {
  const state = await readSession(session);
  if (!state) throw vaultProblem("unauthenticated");
  noteUser(state.user.id);
  const ids = state.factors.filter(isApp).map(({ id }) => id);
  await tryCode(session.auth, state.user.id, ids, code);
}

const isApp = (factor: Factor) => factor.factor_type === "totp" && isVerified(factor);

/** Whether somebody can be asked for the code of an authenticator app. */
export const hasApp = (factors: Factor[]) => factors.some(isApp);

/**
 * {@link verifyCode} against certain authenticators. Tries are limited for each person and each network. A code is
 * good once, RFC 6238, 5.2: the auth server itself takes it as often as it is sent. Both are in the memory of one
 * process, as limitFailures() says.
 *
 * @param factorIds UUIDs
 */
export async function tryCode(
  auth: AuthClient,
  userId: string,
  factorIds: string[],
  code: string,
): Promise<void> {
  const digits = code.replace(/\s/g, "");
  if (!/^[0-9]{6}$/.test(digits)) throw accountProblem("code_malformed");
  if (factorIds.length === 0) throw accountProblem("second_factor_not_found");
  const forget = use(`${userId} ${digits}`);
  const error = await limited(userId, () => firstThatTakes(auth, factorIds, digits)).catch((cause) => {
    forget();
    throw unavailable(cause);
  });
  if (error === null) return;
  forget();
  throw error
    ? explainAuthError(error)
    : accountProblem("too_many_attempts", { retryAfter: WINDOW_MS / 1000 });
}

/** @returns undefined where there were too many tries, null where the code is right */
async function limited(userId: string, attempt: () => Promise<AuthError | null>) {
  const isFailure = (error: AuthError | null | undefined) => error?.code === "mfa_verification_failed";
  const { clientAddress } = await authServer();
  return withinPerson(
    userId,
    async () => (clientAddress ? withinNetwork(networkOf(clientAddress), attempt, isFailure) : attempt()),
    isFailure,
  );
}

const ALREADY_USED = "This code was already used. Wait for your authenticator app to show the next one.";

/** Whether somebody has sent a code that never was one of the person's: to send one twice happens to everybody. */
export const isForeignCode = (error: unknown): boolean =>
  error instanceof Problem && error.code === "wrong_code" && error.message !== ALREADY_USED;

/**
 * Notes that a code is used, before it is tried, so that two requests at once are no way to use it twice.
 *
 * @returns a function that takes the note back
 */
function use(code: string): () => void {
  const now = performance.now();
  for (const [key, until] of used) if (until < now) used.delete(key);
  if (used.has(code)) throw accountProblem("wrong_code", { detail: ALREADY_USED });
  used.set(code, now + CODE_MS);
  return () => used.delete(code);
}

/** Tries a code on one authenticator after the other, which are one for most people. Null once it was right. */
async function firstThatTakes(auth: AuthClient, ids: string[], code: string): Promise<AuthError | null> {
  let refused: AuthError | null = null;
  for (const factorId of ids) {
    refused = await challenge(auth, factorId, code);
    // Between the two requests, the auth server may see another address of ours.
    const isStale = ["mfa_challenge_expired", "mfa_ip_address_mismatch"].includes(refused?.code ?? "");
    if (isStale) refused = await challenge(auth, factorId, code);
    if (refused?.code !== "mfa_verification_failed") break;
  }
  return refused;
}

const challenge = async (auth: AuthClient, factorId: string, code: string) =>
  (await auth.mfa.challengeAndVerify({ factorId, code })).error;
