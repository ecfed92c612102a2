import "server-only";
import { cookies, headers } from "next/headers";
import { env } from "../env";
import { clientAddress } from "../vault/session/client-address";
import { sessionCookie } from "../vault/session/cookies";
import { openSession, type Session } from "../vault/session/session";
import { RENEWAL_UNKNOWN } from "./renewal";

/** Supabase Auth for the person of the current request, known by the session cookie only. */
export async function sessionClient(): Promise<Session> {
  const [store, sent] = await Promise.all([cookies(), headers()]);
  const { supabase, siteOrigin, clientAddressHeader } = env();
  return openSession({
    ...supabase,
    cookieOptions: sessionCookie(supabase.url, siteOrigin),
    cookieHeader: sent.get("cookie"),
    clientAddress: clientAddress(sent, clientAddressHeader),
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
