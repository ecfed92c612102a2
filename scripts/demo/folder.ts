import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { type Env, KEY_NAMES } from "../embedded/env-file.ts";
import { lockFolder } from "../embedded/lock.ts";

/** What the demo knows of its database at a later start. */
interface Filled {
  /** Where its webhooks lead. */
  hooks_port: number;
}

const KEYS_FILE = "keys.env";
/** Written once the database is filled. */
const FILLED_FILE = "filled.json";

/** The demo's people have no mailboxes, so nothing is sent through the developer's mail server. */
export const NO_MAIL: Env = { SMTP_HOST: "", SMTP_PORT: "", SMTP_USER: "", SMTP_PASS: "", SMTP_FROM: "" };

/** The demo's data folder: the database, the keys that it was filled with, and nothing of the developer's. */
export interface DemoFolder {
  /** Where the keys are, and missing ones go. */
  keysFile: string;
  /** The settings with the demo's own keys in place of the developer's. */
  settings: Env;
  /** Null where the database is yet to be filled. */
  filled: Filled | null;
  /** Notes that it is. */
  note: (filled: Filled) => void;
}

/**
 * Opens the folder, and empties one whose database was not filled to the end.
 *
 * @param settings the environment together with the `.env` files
 * @throws StartProblem when another process uses it
 */
export function openFolder(path: string, settings: Env): DemoFolder {
  const filledFile = join(path, FILLED_FILE);
  const filled: Filled | null = existsSync(filledFile) ? JSON.parse(readFileSync(filledFile, "utf8")) : null;
  const unlock = lockFolder(path);
  // The lock's own files stay: see lockFolder.
  const rest = filled ? [] : readdirSync(path).filter((name) => !name.startsWith("lock"));
  for (const name of rest) rmSync(join(path, name), { recursive: true });
  unlock();
  const keysFile = join(path, KEYS_FILE);
  const keys = existsSync(keysFile) ? parseEnv(readFileSync(keysFile, "utf8")) : {};
  return {
    keysFile,
    settings: { ...settings, ...NO_MAIL, ...Object.fromEntries(KEY_NAMES.map((name) => [name, keys[name]])) },
    filled,
    note: (filled) => writeFileSync(filledFile, JSON.stringify(filled)),
  };
}
