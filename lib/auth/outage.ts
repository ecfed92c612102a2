import type { AuthError } from "@supabase/supabase-js";

/**
 * Whether an error of the auth server means that we do not know who is asking. 4xx and "no session" mean
 * that nobody is signed in; a server that was not reached has the status 0, or none.
 */
export function isOutage(error: AuthError): boolean {
  if (error.name === "AuthSessionMissingError") return false;
  return !error.status || error.status >= 500 || error.status === 429;
}
