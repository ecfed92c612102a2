import "server-only";
import { cookies, headers } from "next/headers";
import { env } from "../env";
import { clientAddress } from "../vault/session/client-address";
import { sessionCookie } from "../vault/session/cookies";
import { openSession, type Session } from "../vault/session/session";
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

/** Supabase Auth for the person of the current request, known by the session cookie only. */
export async function sessionClient(): Promise<Session> {
  const [store, sent, server] = await Promise.all([cookies(), headers(), authServer()]);
  return openSession({
    ...server,
    cookieOptions: sessionCookie(server.url, env().siteOrigin),
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
