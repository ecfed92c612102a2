import { AUTH } from "./auth.ts";
import { type Result, runChecks } from "./check.ts";
import { DATA_API } from "./data-api.ts";
import { ENVIRONMENT } from "./environment.ts";
import { KEYS } from "./keys.ts";
import { MAIL } from "./mail.ts";
import { REACH } from "./reach.ts";
import { SCHEMA } from "./schema.ts";
import { readSubject, type Settings } from "./subject.ts";
import { VAULT } from "./vault.ts";

const CHECKS = [...ENVIRONMENT, ...REACH, ...KEYS, ...DATA_API, ...SCHEMA, ...VAULT, ...AUTH, ...MAIL];

/**
 * Asks the Supabase that these settings lead to whether everything is as the app needs it. Changes nothing.
 *
 * @param onSlow receives the title of a check that takes longer than a second
 */
export const examine = (settings: Settings, onSlow: (title: string) => void = () => {}): Promise<Result[]> =>
  runChecks(CHECKS, readSubject(settings), onSlow);
