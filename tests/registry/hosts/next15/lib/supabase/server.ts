import { createServerClient } from "@supabase/ssr";
import { cookies } from "next/headers";
import type { Database } from "@/types/database";

/** As Supabase's own guide for Next.js has it. */
export async function createClient() {
  const store = await cookies();
  return createServerClient<Database>(
    String(process.env.NEXT_PUBLIC_SUPABASE_URL),
    String(process.env.NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY),
    {
      cookies: {
        getAll: () => store.getAll(),
        setAll(changed) {
          try {
            for (const { name, value, options } of changed) store.set(name, value, options);
          } catch {
            // A page: the middleware has refreshed the session.
          }
        },
      },
    },
  );
}
