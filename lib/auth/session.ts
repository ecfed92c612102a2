import "server-only";
import { cache } from "react";
import { sessionClient } from "../supabase/server";
import { vaultProblem } from "../vault/errors";
import { isOutage } from "./outage";

/** The person behind the current request. */
export interface SessionUser {
  /** UUID in lower case. */
  id: string;
  email: string;
}

/**
 * Who is signed in. Asks the auth server each time, so that a session that was signed out elsewhere stops
 * at once; within one page it is asked once.
 *
 * @returns null without a valid session
 * @throws Problem auth_unavailable if the auth server did not answer
 */
export const getSessionUser = cache(async (): Promise<SessionUser | null> => {
  const supabase = await sessionClient();
  const { data, error } = await supabase.auth.getUser();
  if (data.user) return { id: data.user.id.toLowerCase(), email: data.user.email ?? "" };
  if (error && isOutage(error)) throw vaultProblem("auth_unavailable", { cause: error });
  return null;
});

/**
 * Who is signed in, for API routes. Looks at the session cookie only: `Authorization` and `apikey` headers
 * have no meaning here.
 *
 * @throws Problem unauthenticated, auth_unavailable
 */
export async function requireUser(): Promise<SessionUser> {
  const user = await getSessionUser();
  if (!user) throw vaultProblem("unauthenticated");
  return user;
}
