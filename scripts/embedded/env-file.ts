import { randomBytes } from "node:crypto";
import { appendFileSync, chmodSync, existsSync, readFileSync } from "node:fs";

/** Process environment or the content of `.env` files. */
export type Env = Record<string, string | undefined>;

interface Setting {
  name: string;
  comment: string;
  create: () => Promise<string>;
}

const SETTINGS: Setting[] = [
  {
    name: "VAULT_MASTER_KEY",
    comment: "Encrypts every secret in the vault (AES-256, 64 hex digits). Without it, they can't be read.",
    create: async () => newMasterKey(),
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
    create: async () => randomBytes(48).toString("base64url"),
  },
];

/** Of all of them. */
export const KEY_NAMES: readonly string[] = SETTINGS.map(({ name }) => name);

/** A new master key: 32 random bytes as 64 hex digits. */
export function newMasterKey(): string {
  return randomBytes(32).toString("hex");
}

async function newApiKey(type: "publishable" | "secret"): Promise<string> {
  await import("./telemetry-off.ts");
  const { generateApiKey } = await import("@supabase/lite");
  return (await generateApiKey(type)).key;
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
export async function completeEnvFile(file: string, env: Env): Promise<Record<string, string>> {
  const added: Record<string, string> = {};
  let text = "";
  for (const { name, comment, create } of SETTINGS) {
    if (env[name]) continue;
    const value = await create();
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
