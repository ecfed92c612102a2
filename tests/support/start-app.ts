/**
 * Starts what the browser tests need, the way that a person would: the production build on the embedded
 * Supabase with an empty database, a second server without a platform key that takes its Supabase for
 * a hosted one, and the stand-ins of providers.
 * All output of the servers goes to a file, because the tests look for secrets in it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, rmSync } from "node:fs";
import { startAnthropicStandIn } from "./anthropic-standin.ts";
import { APP_ENV } from "./app-env.ts";
import { copyCluster } from "./cluster.ts";
import { startHostedAuth } from "./hosted-auth.ts";
import { startOpenAIStandIn } from "./openai-standin.ts";
import { DATA_DIR, SERVER_LOG } from "./paths.ts";
import {
  ANTHROPIC_PORT,
  NO_PLATFORM_KEY_PORT,
  NO_PLATFORM_KEY_URL,
  OPENAI_PORT,
  PROXY_PORT,
  PROXY_URL,
  SUPABASE_URL,
} from "./ports.ts";

rmSync(DATA_DIR, { recursive: true, force: true });
await copyCluster(DATA_DIR);
const log = createWriteStream(SERVER_LOG);
const children: ChildProcess[] = [];

const env = { ...APP_ENV, EMBEDDED_DATA_DIR: DATA_DIR };

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

await startHostedAuth(PROXY_PORT, SUPABASE_URL, { siteUrl: NO_PLATFORM_KEY_URL });
await startAnthropicStandIn({ port: ANTHROPIC_PORT, inspect: true });
await startOpenAIStandIn({ port: OPENAI_PORT });
await start({});
await start({
  PORT: String(NO_PLATFORM_KEY_PORT),
  SITE_URL: NO_PLATFORM_KEY_URL,
  // As a new project of hosted Supabase is: addresses are confirmed, and there are second factors.
  NEXT_PUBLIC_SUPABASE_URL: PROXY_URL,
  CLIENT_ADDRESS_HEADER: "x-real-ip",
  SECURITY_CONTACT: "",
  ANTHROPIC_MODELS: "",
  VAULT_ENV_FALLBACK: "off",
  // As in production.
  WEBHOOKS_ALLOW_PRIVATE: "",
});
console.log("Everything is up.");
