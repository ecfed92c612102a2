/**
 * Starts what the browser tests need, the way that a person would: the production build on the embedded
 * Supabase with an empty database, a second server without a platform key, and the provider's stand-in.
 * All output of the servers goes to a file, because the tests look for secrets in it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, mkdirSync, rmSync } from "node:fs";
import { startAnthropicStandIn } from "./anthropic-standin.ts";
import {
  PLATFORM_KEY,
  TEST_JWT_SECRET,
  TEST_MASTER_KEY,
  TEST_PUBLISHABLE_KEY,
  TEST_SECRET_KEY,
} from "./keys.ts";
import { DATA_DIR, SERVER_LOG } from "./paths.ts";
import {
  ANTHROPIC_PORT,
  APP_PORT,
  APP_URL,
  NO_PLATFORM_KEY_PORT,
  NO_PLATFORM_KEY_URL,
  SUPABASE_PORT,
  SUPABASE_URL,
} from "./ports.ts";

rmSync(DATA_DIR, { recursive: true, force: true });
mkdirSync(DATA_DIR, { recursive: true });
const log = createWriteStream(SERVER_LOG);
const children: ChildProcess[] = [];

// Everything is set here, so that nothing of a developer's own .env.local is used.
const env = {
  ...process.env,
  NEXT_PUBLIC_SUPABASE_URL: "",
  NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY: TEST_PUBLISHABLE_KEY,
  SUPABASE_SECRET_KEY: TEST_SECRET_KEY,
  SUPABASE_JWT_SECRET: TEST_JWT_SECRET,
  VAULT_MASTER_KEY: TEST_MASTER_KEY,
  // The embedded auth server hashes passwords as weakly as it can: its usual 10 takes a tenth of a second of CPU.
  LITE_AUTH_BCRYPT_COST: "4",
  VAULT_ENV_FALLBACK: "on",
  PLATFORM_DAILY_TOKENS: "",
  // The tests' receivers listen on this machine. The second server forbids that, as in production.
  WEBHOOKS_ALLOW_PRIVATE: "on",
  ANTHROPIC_API_KEY: PLATFORM_KEY,
  ANTHROPIC_BASE_URL: `http://127.0.0.1:${ANTHROPIC_PORT}`,
  ANTHROPIC_MODEL: "",
  EMBEDDED_DATA_DIR: DATA_DIR,
  EMBEDDED_SUPABASE_PORT: String(SUPABASE_PORT),
};

/** Starts one server and waits until it says that it is ready. */
function start(changes: Record<string, string>): Promise<void> {
  const child = spawn(process.execPath, ["scripts/start.ts", "start"], { env: { ...env, ...changes } });
  children.push(child);
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  return new Promise((resolve, reject) => {
    let output = "";
    const collect = (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes("Command Center is at")) resolve();
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.on("exit", (code) => reject(new Error(`The app ended with ${code}:\n${output}`)));
  });
}

function stop(): void {
  for (const child of children) child.kill("SIGTERM");
  Promise.all(children.map((child) => new Promise((resolve) => child.once("exit", resolve)))).then(() =>
    process.exit(0),
  );
}
process.on("SIGTERM", stop);
process.on("SIGINT", stop);

await startAnthropicStandIn({ port: ANTHROPIC_PORT, inspect: true });
await start({ PORT: String(APP_PORT), SITE_URL: APP_URL });
await start({
  PORT: String(NO_PLATFORM_KEY_PORT),
  SITE_URL: NO_PLATFORM_KEY_URL,
  NEXT_PUBLIC_SUPABASE_URL: SUPABASE_URL,
  VAULT_ENV_FALLBACK: "off",
  WEBHOOKS_ALLOW_PRIVATE: "",
});
console.log("Everything is up.");
