import "server-only";
import { createClient } from "@supabase/supabase-js";
import { cookies, headers } from "next/headers";
import { env } from "../env";
import { authFetch } from "../vault/session/auth-fetch";
import { clientAddress } from "../vault/session/client-address";
import { sessionCookie } from "../vault/session/cookies";
import { openSession, type Session, type SessionRequest } from "../vault/session/session";
import { RENEWAL_UNKNOWN } from "./renewal";

/** The auth server, and the client that the current request comes from. */
export async function authServer() {
  const { supabase, clientAddressHeader } = env();
  const sent = await headers();
  return {
    ...supabase,
    clientAddress: clientAddress(sent, clientAddressHeader),
    userAgent: sent.get("user-agent"),
  };
}

/**
 * Supabase Auth for the person of the current request, known by the session cookie only.
 *
 * @param cookie another cookie that holds a session
 */
export async function sessionClient(cookie?: SessionRequest["cookieOptions"]): Promise<Session> {
  const [store, sent, server] = await Promise.all([cookies(), headers(), authServer()]);
  return openSession({
    ...server,
    cookieOptions: cookie ?? sessionCookie(server.url, env().siteOrigin),
    cookieHeader: sent.get("cookie"),
    isRenewalUnknown: sent.has(RENEWAL_UNKNOWN),
    setCookies: (changes) => {
      try {
        for (const { name, value, options } of changes) store.set(name, value, options);
      } catch {
        // Pages cannot set cookies; proxy.ts has renewed the session before they render.
      }
    },
  });
}

/**
 * Supabase Auth for the client of the current request, and nobody's session: it sets no cookie. It leaves no verifier
 * (PKCE) in the browser, so that a link that it asks for works in another one too.
 */
export async function anonymousAuth() {
  const server = await authServer();
  const { auth } = createClient(server.url, server.publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    global: { fetch: authFetch(server).fetch },
  });
  return auth;
}
