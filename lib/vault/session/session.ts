import type { CookieOptions, CookieOptionsWithName } from "@supabase/ssr";
import { AuthClient, type AuthError } from "@supabase/supabase-js";
import { vaultProblem } from "../errors";
import { uuid } from "../schema";
import { type AuthServer, authFetch } from "./auth-fetch";
import { cookieStorage } from "./storage";

/** A cookie to set; an empty value with `maxAge` 0 deletes one. */
export interface CookieChange {
  name: string;
  value: string;
  options: CookieOptions;
}

export interface SessionRequest extends AuthServer {
  /** Supabase's address. */
  url: string;
  /** How the session cookie is set, its name included. */
  cookieOptions: CookieOptionsWithName & { name: string };
  /** The request's raw `Cookie` header. */
  cookieHeader: string | null;
  /** Whether proxy.ts could not renew the session of this request. */
  isRenewalUnknown?: boolean;
  /** Sets cookies on the reply, which then must not be stored. */
  setCookies: (changes: CookieChange[]) => void;
}

export interface Session {
  auth: InstanceType<typeof AuthClient>;
  /** Whether the session should have been renewed, and the auth server did not say if it can be. */
  isRenewalUnknown: () => boolean;
}

/**
 * Supabase Auth for one request, by its session cookie alone. An auth server that does not answer never costs anybody
 * their session: cookies are deleted only on its own word.
 *
 * The client is auth-js itself. Around it, @supabase/ssr would ask for the session when it is made, and print what is
 * wrong with whatever a stranger has sent as a cookie.
 */
export function openSession(request: SessionRequest): Session {
  const { url, publishableKey, cookieOptions } = request;
  const { fetch, isRenewalUnknown, mayDelete } = authFetch(request, request.isRenewalUnknown);
  const auth = new AuthClient({
    url: new URL("auth/v1", `${url.replace(/\/+$/, "")}/`).href,
    headers: { apikey: publishableKey, Authorization: `Bearer ${publishableKey}` },
    fetch,
    flowType: "pkce",
    storage: cookieStorage({ ...request, mayDelete }),
    storageKey: cookieOptions.name,
    persistSession: true,
    autoRefreshToken: false,
    detectSessionInUrl: false,
    skipAutoInitialize: true,
  });
  return { auth, isRenewalUnknown };
}

/** Whose session it is, as the auth server says. */
export interface SessionUser {
  /** UUID in lower case. */
  id: string;
  email: string;
  /** The session's own id (UUID), the same after each renewal; undefined where the auth server gives it none. */
  sessionId: string | undefined;
  /** Whether the person has set up a second factor (hosted Supabase only). */
  hasSecondFactor: boolean;
}

/**
 * Whose session it is. Asks the auth server each time, so that a session that was signed out elsewhere stops at once.
 *
 * @returns null without a valid session
 * @throws Problem auth_unavailable if the auth server did not say
 */
export async function readUser(session: Session): Promise<SessionUser | null> {
  const { auth, isRenewalUnknown } = session;
  const stored = await auth.getSession();
  const token = stored.data.session?.access_token;
  if (!token && isRenewalUnknown()) throw vaultProblem("auth_unavailable", { cause: stored.error });
  if (!token) return null;
  const { data, error } = await auth.getUser(token);
  if (error && !isOutage(error)) return null;
  const id = uuid.safeParse(data.user?.id).data;
  if (!data.user || !id) throw vaultProblem("auth_unavailable", { cause: error ?? { name: "NoUser" } });
  const hasSecondFactor = data.user.factors?.some(({ status }) => status === "verified") ?? false;
  return { id, email: data.user.email ?? "", sessionId: sessionIdOf(token), hasSecondFactor };
}

/** The `session_id` claim of an access token that the auth server has just given or accepted. */
export function sessionIdOf(token: string): string | undefined {
  try {
    const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    return uuid.safeParse(claims?.session_id).data;
  } catch {
    return undefined;
  }
}

/**
 * Whether an error of the auth server means that we do not know who is asking. Only its own word, which has a code,
 * says that nobody is signed in; "too many requests" and "conflict" have one too, and say nothing about that.
 */
export function isOutage(error: AuthError): boolean {
  if (error.name === "AuthSessionMissingError") return false;
  const { status = 0, code } = error;
  return !code || status < 400 || status >= 500 || status === 409 || status === 429;
}
