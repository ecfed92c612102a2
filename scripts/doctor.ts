/**
 * `npm run doctor`: asks the Supabase that the app is configured with, hosted or embedded, whether everything is as the app
 * needs it. Reads the same environment and `.env` files as the app, changes nothing, and prints no secret.
 *
 * Exit status: 0 if nothing has to be fixed, 1 otherwise, 2 for wrong arguments. With `-- --strict`, a warning counts as
 * something to fix. `-- --json` prints a list of { check, title, verdict, says, remedy }.
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import nextEnv from "@next/env";
import { hasFailed } from "./doctor/check.ts";
import { examine } from "./doctor/examine.ts";
import { report } from "./doctor/print.ts";

const ROOT = resolve(import.meta.dirname, "..");

/** Ends the process where there is anything else. */
function readArguments(): { isStrict: boolean; isJson: boolean } {
  try {
    const flag = { type: "boolean", default: false } as const;
    const { values } = parseArgs({ options: { strict: flag, json: flag } });
    return { isStrict: values.strict, isJson: values.json };
  } catch {
    console.error("Usage: npm run doctor [-- [--strict] [--json]]");
    process.exit(2);
  }
}

const { isStrict, isJson } = readArguments();
const log = { info: () => {}, error: console.error };
const isDevelopment = process.env.NODE_ENV !== "production";
const settings = { ...nextEnv.loadEnvConfig(ROOT, isDevelopment, log, true).combinedEnv };
// Where encrypt() and decrypt() look for their keys and addresses.
Object.assign(process.env, settings);
const results = await examine(settings, (title) => console.error(`… Checking ${title}`));
const columns = process.stdout.isTTY ? process.stdout.columns : undefined;
process.stdout.write(isJson ? `${JSON.stringify(results, null, 2)}\n` : report(results, columns));
process.exitCode = hasFailed(results, isStrict) ? 1 : 0;
