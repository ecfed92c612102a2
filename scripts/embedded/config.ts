import { readFileSync } from "node:fs";
import { parse } from "smol-toml";
import { messageOf, StartProblem } from "./problem.ts";

/** The sections of `supabase/config.toml` that the embedded Supabase follows. */
export interface SupabaseConfig {
  api?: Record<string, unknown>;
  auth?: Record<string, unknown>;
}

/**
 * Reads the same `supabase/config.toml` that the Supabase CLI reads.
 *
 * @throws StartProblem when the file is missing or is not TOML
 */
export function readSupabaseConfig(file: string): SupabaseConfig {
  try {
    return parse(readFileSync(file, "utf8")) as SupabaseConfig;
  } catch (error) {
    throw new StartProblem(`${file} cannot be read: ${messageOf(error)}`);
  }
}
