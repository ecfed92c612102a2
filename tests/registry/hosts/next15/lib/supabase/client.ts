import { createBrowserClient } from "@supabase/ssr";
import type { Database } from "@/types/database";

/** As Supabase's own guide for Next.js has it. */
export const createClient = () =>
  createBrowserClient<Database, "public">(
    String(process.env.NEXT_PUBLIC_SUPABASE_URL),
    String(process.env.NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY),
  );
