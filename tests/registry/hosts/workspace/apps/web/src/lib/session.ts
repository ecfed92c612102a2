import { createServerClient } from "@supabase/ssr";
import { cookies } from "next/headers";

/** As Supabase's own guide for Next.js has it. */
export async function sessionClient() {
  const store = await cookies();
  return createServerClient(
    String(process.env.NEXT_PUBLIC_SUPABASE_URL),
    String(process.env.NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY),
    {
      cookies: {
        getAll: () => store.getAll(),
        setAll(changed) {
          try {
            for (const { name, value, options } of changed) store.set(name, value, options);
          } catch {
            // A page: the proxy has refreshed the session.
          }
        },
      },
    },
  );
}
