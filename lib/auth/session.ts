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

// RFC 7519, compact form.
const JWT = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/**
 * Who is signed in. Asks the auth server each time, so that a session that was signed out elsewhere stops
 * at once; within one page it is asked once.
 *
 * @returns null without a valid session
 * @throws Problem auth_unavailable if the auth server did not answer
 */
export const getSessionUser = cache(async (): Promise<SessionUser | null> => {
  const supabase = await sessionClient();
  const stored = await supabase.auth.getSession();
  if (stored.error && isOutage(stored.error)) throw vaultProblem("auth_unavailable", { cause: stored.error });
  // The cookie is the client's text. What is no JWT may not even be sendable, which would look like an outage.
  const token = stored.data.session?.access_token;
  if (typeof token !== "string" || !JWT.test(token)) return null;
  const { data, error } = await supabase.auth.getUser(token);
  if (data.user) return { id: data.user.id.toLowerCase(), email: data.user.email ?? "" };
  if (error && isOutage(error)) throw vaultProblem("auth_unavailable", { cause: error });
  return null;
});
