import "server-only";
import { cache } from "react";
import { sessionClient } from "../supabase/server";
import { readSession, type SessionState, type SessionUser, signedIn } from "../vault/session/session";

/**
 * The session of the current request, asked for once within one page. For pages that are about signing in itself, or
 * about the second factor; all others ask {@link getSessionUser}.
 *
 * @returns null without a valid session
 * @throws Problem auth_unavailable if the auth server did not answer
 */
export const getSession = cache(async (): Promise<SessionState | null> => readSession(await sessionClient()));

/**
 * Who is signed in, asked once within one page.
 *
 * @returns null without a valid session, and for a session whose second factor is missing
 * @throws Problem auth_unavailable if the auth server did not answer
 */
export const getSessionUser = async (): Promise<SessionUser | null> => signedIn(await getSession());
