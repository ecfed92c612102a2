import { createClient } from "@supabase/supabase-js";
import type { Database } from "../../types/database.ts";
import type { Env } from "../embedded/env-file.ts";
import { freePort, HOST } from "../embedded/ports.ts";
import { step } from "../embedded/steps.ts";
import { type DemoFolder, NO_MAIL, openFolder } from "./folder.ts";
import { EMAILS, PASSWORD } from "./people.ts";
import { startReceiver } from "./receiver.ts";
import { seed, TEAM } from "./seed.ts";

/** Takes the place of the platform's own Anthropic key; anyone can see that it is none. */
const PLATFORM_KEY = "sk-ant-demo-platform-key-not-real-000000000000";

/** What stands around the app in `npm run demo`. */
export interface Demo {
  keysFile: string;
  /** The settings to start the database with, instead of the developer's. */
  settings: Env;
  /** Starts the stand-ins, and returns the variables that make the app use them. */
  start: (supabasePort: number) => Promise<Env>;
  /** Fills the database unless it is filled already, and says how to sign in. */
  fill: (appUrl: string, supabaseUrl: string, keys: Env) => Promise<void>;
  stop: () => Promise<void>;
}

/**
 * Opens the demo in its own folder.
 *
 * @param settings the environment together with the `.env` files
 * @throws StartProblem when another process uses the folder
 */
export function openDemo(dataDir: string, settings: Env): Demo {
  const folder = openFolder(dataDir, settings);
  const closers: (() => void | Promise<void>)[] = [];
  let hooksPort = folder.filled?.hooks_port;
  return {
    keysFile: folder.keysFile,
    settings: folder.settings,
    async start(supabasePort) {
      const { startAnthropicStandIn } = await import("../../tests/support/anthropic-standin.ts");
      const standIn = await startAnthropicStandIn({ pace: 150 });
      closers.push(() => standIn.close());
      console.log("✓ Answers are simulated on this machine: no real provider is called, nothing is billed");
      hooksPort ??= await freePort(supabasePort + 1);
      await startReceiver(hooksPort).then(
        (close) => closers.push(close),
        () => console.warn(`! Port ${hooksPort} is taken: the demo's webhooks will fail`),
      );
      return {
        ...NO_MAIL,
        ANTHROPIC_BASE_URL: standIn.url,
        ANTHROPIC_API_KEY: PLATFORM_KEY,
        // So that there is something to choose.
        ANTHROPIC_MODELS: "claude-sonnet-5-5,claude-haiku-5-5,claude-opus-5-5",
        // The demo's receivers are on this machine, and so is that of a person who tries the app.
        WEBHOOKS_ALLOW_PRIVATE: "on",
      };
    },
    async fill(appUrl, supabaseUrl, keys) {
      if (!folder.filled) await fillOnce(folder, appUrl, supabaseUrl, keys, hooksPort ?? 0);
      console.log(
        `✓ Sign in as ${EMAILS.admin} (admin of the team ${TEAM}) or ${EMAILS.member} (member), ` +
          `both with the password ${PASSWORD}`,
      );
    },
    async stop() {
      for (const close of closers) await close();
    },
  };
}

async function fillOnce(
  folder: DemoFolder,
  appUrl: string,
  supabaseUrl: string,
  keys: Env,
  hooks_port: number,
): Promise<void> {
  const secretKey = keys.SUPABASE_SECRET_KEY ?? "";
  const database = createClient<Database>(supabaseUrl, secretKey, {
    auth: { persistSession: false, autoRefreshToken: false },
  });
  await step(
    "Filling the demo",
    () =>
      seed({
        ...{ appUrl, supabaseUrl, database },
        publishableKey: keys.NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY ?? "",
        hookUrl: (receiver) => `http://${HOST}:${hooks_port}/${receiver}`,
      }),
    (_, time) => `Filled with two people, their team, keys, 30 days of runs and webhooks (${time})`,
  );
  folder.note({ hooks_port });
}
