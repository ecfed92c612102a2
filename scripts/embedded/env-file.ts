import { createHash, randomBytes } from "node:crypto";
import { appendFileSync, chmodSync, existsSync, readFileSync } from "node:fs";

/** Process environment or the content of `.env` files. */
export type Env = Record<string, string | undefined>;

interface Setting {
  name: string;
  comment: string;
  create: () => string;
}

const SETTINGS: Setting[] = [
  {
    name: "VAULT_MASTER_KEY",
    comment: "Encrypts every secret in the vault (AES-256, 64 hex digits). Without it, they can't be read.",
    create: newMasterKey,
  },
  {
    name: "NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY",
    comment: "The embedded Supabase's publishable key. Browsers may see it.",
    create: () => newApiKey("publishable"),
  },
  {
    name: "SUPABASE_SECRET_KEY",
    comment: "The embedded Supabase's secret key. It bypasses row-level security: keep it on the server.",
    create: () => newApiKey("secret"),
  },
  {
    name: "SUPABASE_JWT_SECRET",
    comment: "Signs the embedded Supabase's sessions.",
    create: () => randomBytes(48).toString("base64url"),
  },
];

/** Of all of them. */
export const KEY_NAMES: readonly string[] = SETTINGS.map(({ name }) => name);

/** A new master key: 32 random bytes as 64 hex digits. */
export function newMasterKey(): string {
  return randomBytes(32).toString("hex");
}

/**
 * In the form of Supabase's own, with a checksum at the end. Lite's `generateApiKey` makes the same, but loading Lite takes
 * longer than everything else that has to happen before Next can start.
 */
function newApiKey(type: "publishable" | "secret"): string {
  const key = `sb_${type}_${randomBytes(17).toString("base64url").slice(0, 22)}`;
  const checksum = createHash("sha256").update(`supabase-self-hosted|${key}`).digest("base64url");
  return `${key}_${checksum.slice(0, 8)}`;
}

/**
 * Makes sure that every secret the embedded mode needs exists. What `env` has no value for is created and appended to
 * `file`; existing lines stay as they are. A file that receives
 * secrets is readable by its owner only (mode 0600).
 *
 * @param file path of the `.env.local` file
 * @param env what the environment and all `.env` files say now: a value set there is never shadowed
 * @returns the names and values that were added; empty where nothing was missing
 */
export function completeEnvFile(file: string, env: Env): Record<string, string> {
  const added: Record<string, string> = {};
  let text = "";
  for (const { name, comment, create } of SETTINGS) {
    if (env[name]) continue;
    const value = create();
    added[name] = value;
    text += `# ${comment}\n${name}=${value}\n`;
  }
  if (text === "") return added;

  const before = existsSync(file) ? readFileSync(file, "utf8") : "";
  if (before !== "") chmodSync(file, 0o600);
  const newline = before === "" || before.endsWith("\n") ? "" : "\n";
  appendFileSync(file, newline + text, { mode: 0o600 });
  return added;
}
