import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parse } from "smol-toml";
import { messageOf, StartProblem } from "./problem.ts";

interface MailTemplate {
  subject?: string;
  content_path?: string;
}

/** The sections of `supabase/config.toml` that the embedded Supabase follows. */
export interface SupabaseConfig {
  api?: Record<string, unknown>;
  auth?: Record<string, unknown> & { email?: { template?: Record<string, MailTemplate> } };
}

/**
 * Reads the same `supabase/config.toml` that the Supabase CLI reads. The paths of the mails' templates start from the
 * project's folder, as they do for the CLI; here they become absolute, because the process may run anywhere.
 *
 * @throws StartProblem when the file is missing or is not TOML
 */
export function readSupabaseConfig(file: string): SupabaseConfig {
  try {
    const config = parse(readFileSync(file, "utf8")) as SupabaseConfig;
    const project = dirname(dirname(resolve(file)));
    for (const template of Object.values(config.auth?.email?.template ?? {})) {
      if (template.content_path) template.content_path = resolve(project, template.content_path);
    }
    return config;
  } catch (error) {
    throw new StartProblem(`Can't read ${file}: ${messageOf(error)}`);
  }
}
