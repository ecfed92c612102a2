import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import type { AuthError, Session } from "@supabase/supabase-js";
import { headers } from "next/headers";
import { after, type NextResponse } from "next/server";
import { env } from "../env";
import { sessionClient } from "../supabase/server";
import { vaultProblem } from "../vault/errors";
import { boundedFetch } from "../vault/http/bounded-fetch";
import { logProblem } from "../vault/http/log";
import {
  cookiesOf,
  defaultCookieName,
  isAmbiguous,
  serverCookie,
  sessionCookie,
} from "../vault/session/cookies";
import { isOutage } from "../vault/session/session";
import { confirmationCookie } from "./confirmation-cookie";
import { PENDING_INVITE } from "./pending-invite";
import { forgetReset } from "./reset";

/** Milliseconds that a person waits for the auth server. */
const PATIENCE_MS = 5_000;
/** Milliseconds before each further try, after the reply. */
const WAITS = [1_000, 5_000, 15_000];

/** {@link confirmEnd} for the session of the current request. */
export const signOut = (): Promise<boolean> => confirmEnd(endSession);

/** {@link confirmEnd} for sessions of the person to whom a token belongs. */
export function endSessions(token: string, scope: Scope): Promise<boolean> {
  return confirmEnd(async () => {
    if (!(await logOut(token, scope))) throw Object.assign(new Error("refused"), { name: "SignOutRefused" });
  });
}

/**
 * Ends sessions on the auth server. Where that does not confirm it, the operator's log has a line, and it is tried
 * again after the reply.
 *
 * @returns whether they are known to be over; never rejects
 */
async function confirmEnd(end: () => Promise<void>): Promise<boolean> {
  const first = end();
  const tooLong = sleep(PATIENCE_MS, undefined, { ref: false }).then(() => {
    throw Object.assign(new Error("no answer yet"), { name: "TimeoutError" });
  });
  try {
    await Promise.race([first, tooLong]);
    return true;
  } catch (cause) {
    logProblem(vaultProblem("auth_unavailable", { cause }));
    after(() => first.catch(() => tryAgain(end)));
    return false;
  }
}

async function tryAgain(end: () => Promise<void>): Promise<void> {
  for (const wait of WAITS) {
    await sleep(wait);
    const isOver = await end().then(
      () => true,
      () => false,
    );
    if (isOver) return;
  }
}

/** Makes one attempt. @throws whatever the auth server did instead of saying that the session is over */
async function endSession(): Promise<void> {
  const { supabase, siteOrigin } = env();
  const header = (await headers()).get("cookie");
  if (isAmbiguous(header, sessionCookie(supabase.url, siteOrigin).name)) {
    throw Object.assign(new Error("more than one session"), { name: "SessionAmbiguous" });
  }
  const { auth } = await sessionClient();
  // Renews an access token that has expired: without a valid one, the session cannot be ended.
  const token = tokenOf(await auth.getSession());
  if (token === null || (await logOut(token))) return;
  // Expired after all, by the auth server's clock.
  const renewed = tokenOf(await auth.refreshSession());
  if (renewed === null || (await logOut(renewed))) return;
  throw Object.assign(new Error("refused twice"), { name: "SignOutRefused" });
}

/** @returns null where the auth server says that there is no session, or the cookie holds none */
function tokenOf(reply: { data: { session: Session | null }; error: AuthError | null }): string | null {
  if (reply.error && isOutage(reply.error)) throw reply.error;
  const token = reply.data.session?.access_token;
  // The cookie is the client's text. What is no token may not even be sendable.
  return typeof token === "string" && /^[\w.-]+$/.test(token) ? token : null;
}

/** Which sessions of a person: the token's own, all but that, or all. */
type Scope = "local" | "others" | "global";

/**
 * Ends other sessions of the person of the current request, or all of them.
 *
 * @throws Problem auth_unavailable if the auth server did not confirm it
 */
export async function signOutElsewhere(scope: "others" | "global"): Promise<void> {
  const { auth } = await sessionClient();
  const token = tokenOf(await auth.getSession());
  const isOver = token !== null && (await logOut(token, scope).catch((cause) => unconfirmed(cause)));
  if (!isOver) unconfirmed(undefined);
}

const NOT_CONFIRMED =
  "The sign-in server didn't confirm that these sessions have ended. Try again in a moment.";

function unconfirmed(cause: unknown): never {
  throw vaultProblem("auth_unavailable", { detail: NOT_CONFIRMED, cause });
}

/**
 * Ends sessions. Asks the auth server itself rather than its client library, which takes any answer of 2xx for a yes, a web page of
 * something in between too, and a refused API key for the end of the session.
 *
 * @param token of a session of the person
 * @returns false where the token is not valid, true where the sessions are over
 * @throws Error with the status of any other answer
 */
export async function logOut(token: string, scope: Scope = "local"): Promise<boolean> {
  const { url, publishableKey } = env().supabase;
  const reply = await boundedFetch(`${url}/auth/v1/logout?scope=${scope}`, {
    method: "POST",
    headers: { apikey: publishableKey, Authorization: `Bearer ${token}` },
  });
  const { status } = reply;
  if (status === 204) return true;
  const answer: { error_code?: unknown } | null = await reply.json().catch(() => null);
  const code = answer?.error_code;
  // Its own words: 401, 403 and 404 come from gateways too.
  const isItsOwn = [401, 403, 404].includes(status) && typeof code === "string";
  if (!isItsOwn) throw Object.assign(new Error("not confirmed"), { name: "SignOutUnconfirmed", status });
  return code !== "bad_jwt";
}

/**
 * Has the browser forget the session, a link's that was opened for a new password, and what our pages have left in its
 * caches and its storage.
 */
export async function forgetSession(reply: NextResponse): Promise<void> {
  const { supabase, siteOrigin } = env();
  const header = (await headers()).get("cookie");
  const names = [
    sessionCookie(supabase.url, siteOrigin).name,
    defaultCookieName(supabase.url),
    confirmationCookie(siteOrigin).name,
  ];
  const present = names.flatMap((name) => cookiesOf(header, name)).map((cookie) => cookie.name);
  for (const name of new Set(present)) {
    // By a date: where the library has set the cookie in the same reply, Next loses a maximum age of 0.
    reply.cookies.set(name, "", { ...serverCookie(siteOrigin), expires: new Date(0) });
  }
  if (cookiesOf(header, PENDING_INVITE).length > 0) {
    reply.cookies.set(PENDING_INVITE, "", { path: "/", expires: new Date(0) });
  }
  await forgetReset();
  // Not "cookies": the theme stays.
  reply.headers.set("Clear-Site-Data", '"cache", "storage"');
}
