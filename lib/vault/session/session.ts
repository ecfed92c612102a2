import { AuthClient, type AuthError } from "@supabase/supabase-js";
import { z } from "zod/v4";
import { vaultProblem } from "../errors";
import type { Failure } from "../http/cause";
import type { Problem } from "../http/problem";
import { uuid } from "../schema";
import { type AuthServer, authFetch } from "./auth-fetch";
import { type CookieRequest, cookieStorage } from "./storage";

export interface SessionRequest extends AuthServer, CookieRequest {
  /** Supabase's address. */
  url: string;
  /** Whether proxy.ts could not renew the session of this request. */
  isRenewalUnknown?: boolean;
}

export interface Session {
  auth: InstanceType<typeof AuthClient>;
  /** Why the auth server did not say if the session, which should have been renewed, can be; undefined where it did. */
  renewalFailure: () => Failure | undefined;
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
  const { fetch, renewalFailure, mayDelete } = authFetch(request, request.isRenewalUnknown);
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
    ...NEWER,
  });
  return { auth, renewalFailure };
}

/** Spread, so that it compiles with an auth-js that does not know it yet, which reads the session once more. */
const NEWER = { skipAutoInitialize: true };

/** Whose session it is, as the auth server says. */
export interface SessionUser {
  /** UUID in lower case. */
  id: string;
  email: string;
  /**
   * Whether the auth server says that the e-mail address is the person's. With "Confirm email" off, it says so of every
   * address at sign-up.
   */
  isEmailConfirmed: boolean;
  /** The session's own id (UUID), the same after each renewal; undefined where the auth server gives it none. */
  sessionId: string | undefined;
  /** Whether the person has set up a second factor (hosted Supabase only). */
  hasSecondFactor: boolean;
}

/** https://supabase.com/docs/reference/javascript/auth-mfa-listfactors */
const factor = z.object({
  id: uuid,
  /** `totp`, `phone` or `webauthn`. */
  factor_type: z.string(),
  /** `unverified` until its first code, from then on `verified`. */
  status: z.string(),
  created_at: z.iso.datetime({ offset: true }).nullish().catch(null),
});

/** A second factor of an account. */
export type Factor = z.infer<typeof factor>;

/** The factors of a user, as the auth server sends them: left out where there are none. Undefined for no such list. */
export const readFactors = (sent: unknown): Factor[] | undefined =>
  z.array(factor).safeParse(sent ?? []).data;

export const isVerified = ({ status }: Pick<Factor, "status">) => status === "verified";

/** A session that is valid, and whether it is enough. */
export interface SessionState {
  user: SessionUser;
  /** All factors of the person, those too whose setup is not finished. */
  factors: Factor[];
  /** Whether the person has a second factor and this session has only passed the first. */
  isCodeMissing: boolean;
}

/**
 * Reads the session. Asks the auth server each time, so that a session that was signed out elsewhere stops immediately.
 *
 * @returns null without a valid session
 * @throws Problem auth_unavailable if the auth server did not say; too_many_requests if the client had it renewed too often
 */
export async function readSession(session: Session): Promise<SessionState | null> {
  const { auth, renewalFailure } = session;
  const token = (await auth.getSession()).data.session?.access_token;
  const failure = renewalFailure();
  if (!token && failure) throw renewalProblem(failure);
  if (!token) return null;
  const { data, error } = await auth.getUser(token);
  if (error && !isOutage(error)) return null;
  const id = uuid.safeParse(data.user?.id).data;
  // In a form that we do not know, one of them might be verified.
  const factors = readFactors(data.user?.factors);
  if (!data.user || !id || !factors) {
    throw vaultProblem("auth_unavailable", { cause: error ?? { name: "NoUser" } });
  }
  const hasSecondFactor = factors.some(isVerified);
  return {
    user: {
      id,
      email: data.user.email ?? "",
      // Not confirmed_at, which a telephone number sets as well.
      isEmailConfirmed: Boolean(data.user.email && data.user.email_confirmed_at),
      sessionId: sessionIdOf(token),
      hasSecondFactor,
    },
    factors,
    // The authenticator assurance level. Nothing else than this word is known to mean that a code was given.
    isCodeMissing: hasSecondFactor && claimsOf(token).aal !== "aal2",
  };
}

/** What a request is answered with whose session could not be renewed. */
export function renewalProblem(failure: Failure): Problem {
  const { status, retryAfter } = failure;
  if (status !== 429) return vaultProblem("auth_unavailable", { cause: failure });
  return vaultProblem("too_many_requests", { cause: failure, ...(retryAfter && { retryAfter }) });
}

/**
 * Who is signed in: {@link readSession} for all who need no more than that. A person with a second factor is not
 * signed in before they have given its code.
 */
export async function readUser(session: Session): Promise<SessionUser | null> {
  return signedIn(await readSession(session));
}

export const signedIn = (state: SessionState | null) => (state && !state.isCodeMissing ? state.user : null);

/** The `session_id` claim of an access token that the auth server has just given or accepted. */
export function sessionIdOf(token: string): string | undefined {
  return uuid.safeParse(claimsOf(token).session_id).data;
}

/** The claims of an access token that the auth server has just accepted. */
function claimsOf(token: string): { session_id?: unknown; aal?: unknown } {
  try {
    return Object(JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()));
  } catch {
    return {};
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
