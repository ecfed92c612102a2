import "server-only";
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import type { Database } from "@/types/database";
import { env } from "../env";
import { databaseFetch } from "../vault/http/database-fetch";

let client: SupabaseClient<Database> | undefined;

/**
 * The client that row-level security does not bind (`service_role`). Whoever imports it answers for
 * authorisation, so it has the fewest importers possible.
 */
export function adminClient(): SupabaseClient<Database> {
  client ??= createClient<Database>(env().supabase.url, env().supabase.secretKey, {
    // Its retries would keep a person waiting for seven seconds before they hear that the database is down.
    db: { retry: false },
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    global: { fetch: databaseFetch },
  });
  return client;
}
