import type { SupabaseClient } from "@supabase/supabase-js";
import type { Database } from "../../types/database.ts";

/** A running app, with an empty database that the demo may fill. */
export interface Place {
  /** Where the app answers. */
  appUrl: string;
  supabaseUrl: string;
  publishableKey: string;
  /** With the server's rights. */
  database: SupabaseClient<Database>;
  /** Where the demo's webhooks lead, by the name of their receiver. */
  hookUrl: (receiver: string) => string;
}

/** Some days before now, as the database takes a time. */
export const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();
