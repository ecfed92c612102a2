import "server-only";
import { createServerClient } from "@supabase/ssr";
import { cookies } from "next/headers";
import type { Database } from "@/types/database";
import { env } from "../env";
import { boundedFetch } from "../vault/http/bounded-fetch";
import { sessionCookieOptions } from "./cookies";

/** A client that acts as the signed-in person of the current request, known by the session cookie only. */
export async function sessionClient() {
  const store = await cookies();
  const { url, publishableKey } = env().supabase;
  return createServerClient<Database>(url, publishableKey, {
    cookieOptions: sessionCookieOptions(),
    global: { fetch: boundedFetch },
    cookies: {
      getAll: () => store.getAll(),
      setAll: (changed) => {
        try {
          for (const { name, value, options } of changed) store.set(name, value, options);
        } catch {
          // Pages cannot set cookies; proxy.ts has refreshed the session before they render.
        }
      },
    },
  });
}
