/**
 * `npm run vault:reseal`: after encrypt() and decrypt() were replaced, encrypts again what was stored before. With
 * `-- --dry-run` it opens everything, changes nothing, and says what it would do and what can't be read. Safe to stop, and
 * to run again. Its exit code is 0 once nothing is left and everything can be read. With `-- --lost-key` it does something
 * else: it makes the current master key the database's own, after the old one was lost.
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import nextEnv from "@next/env";
import { createClient } from "@supabase/supabase-js";
import { acceptKey, WrongMasterKey } from "../lib/vault/key-check.ts";
import type { Database } from "../types/database.ts";
import { chooseBackend } from "./embedded/backend.ts";
import { messageOf } from "./embedded/problem.ts";
import { CHECK_VALUE, type Progress, type Result, reseal } from "./reseal/reseal.ts";

const ROOT = resolve(import.meta.dirname, "..");
const BAR_WIDTH = 30;

const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  // Not once: npm hands a Ctrl-C on, which the terminal sent here as well.
  process.on(signal, () => {
    if (!stopping.signal.aborted) console.log("\nStopping after the current rows…");
    stopping.abort();
  });
}

/** Ends the process where there is anything else: a mistyped --dry-run must not be taken for none. */
function readArguments(): { dryRun: boolean; lostKey: boolean } {
  try {
    const flag = { type: "boolean", default: false } as const;
    const { values } = parseArgs({ options: { "dry-run": flag, "lost-key": flag } });
    const [dryRun, lostKey] = [values["dry-run"], values["lost-key"]];
    if (!(dryRun && lostKey)) return { dryRun, lostKey };
  } catch {
    // Answered below.
  }
  console.error("Usage: npm run vault:reseal [-- --dry-run | --lost-key]");
  process.exit(2);
}

function show({ total, present, resealed, moved, unreadable }: Progress): void {
  if (!process.stdout.isTTY || total === 0) return;
  const done = present + resealed + moved + unreadable.length;
  const filled = Math.round((BAR_WIDTH * done) / Math.max(total, done));
  process.stdout.write(`\r${"█".repeat(filled)}${"░".repeat(BAR_WIDTH - filled)} ${done} of ${total}`);
}

/** What the app would see. */
function readSettings(): Record<string, string | undefined> {
  const log = { info: () => {}, error: console.error };
  return { ...nextEnv.loadEnvConfig(ROOT, false, log, true).combinedEnv };
}

async function main(): Promise<number> {
  const { dryRun, lostKey } = readArguments();
  const before = readSettings();
  const backend = await chooseBackend("start", ROOT, before, before.SITE_URL || "http://localhost:3000");
  // Once more: what was missing has been made by now.
  const settings = { ...readSettings(), ...backend.env };
  // Where encrypt() and decrypt() look for their keys and addresses.
  Object.assign(process.env, settings);
  await backend.start();
  try {
    const url = settings.NEXT_PUBLIC_SUPABASE_URL ?? "";
    const secretKey = settings.SUPABASE_SECRET_KEY || settings.SUPABASE_SERVICE_ROLE_KEY || "";
    const options = { auth: { persistSession: false, autoRefreshToken: false } };
    const admin = createClient<Database>(url, secretKey, options);
    const crypto = await import("../lib/vault/crypto.ts");
    if (lostKey) {
      await acceptKey(admin, crypto);
      console.log("✓ This database now uses the current master key. Enter again whatever it can't open.");
      return 0;
    }
    const result = await reseal({ admin, crypto, dryRun, onProgress: show, signal: stopping.signal });
    return report(result, dryRun);
  } finally {
    await backend.stop();
  }
}

/** @returns the exit code: 0 once nothing is left and everything opens */
function report({ total, present, resealed, moved, unreadable, left }: Result, dryRun: boolean): number {
  if (process.stdout.isTTY && total > 0) console.log();
  if (resealed > 0 && dryRun)
    console.log(`${resealed} of ${total} would be encrypted again. Nothing was changed.`);
  else if (resealed > 0) console.log(`✓ Encrypted ${resealed} of ${total} again.`);
  if (present > 0) console.log(`✓ ${present} of ${total} can be read and are in the current format.`);
  if (total === 0) console.log("✓ Nothing is stored yet.");
  if (moved > 0) console.log(`! ${moved} changed in the meantime and were skipped.`);
  if (unreadable.length > 0) console.log(`! ${unreadable.length} of ${total} can't be read:`);
  for (const name of unreadable) console.log(`  ${name}`);
  if (unreadable.includes(CHECK_VALUE)) console.log(`! ${new WrongMasterKey().message}`);
  else if (unreadable.length > 0) console.log("  They were skipped. Their owners have to enter them again.");
  if (!dryRun && left > 0) console.log(`! ${left} left. Run this again.`);
  return left + unreadable.length > 0 ? 1 : 0;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(`✗ ${messageOf(error)}\nWhat is done stays done. Fix this, then run it again.`);
    process.exitCode = 1;
  },
);
