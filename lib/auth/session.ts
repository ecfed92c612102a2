import "server-only";
import { cache } from "react";
import { sessionClient } from "../supabase/server";
import { readUser, type SessionUser } from "../vault/session/session";

/**
 * Who is signed in, asked once within one page.
 *
 * @returns null without a valid session
 * @throws Problem auth_unavailable if the auth server did not answer
 */
export const getSessionUser = cache(async (): Promise<SessionUser | null> => readUser(await sessionClient()));
