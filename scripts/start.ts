/**
 * `npm run dev`, `npm start` and `npm run demo`.
 *
 * With NEXT_PUBLIC_SUPABASE_URL set, runs Next and nothing else. Without it, starts an embedded Supabase: creates what is
 * missing in `.env.local`, opens the database under `.data`, applies the migrations, serves it from this process, and runs
 * Next next to it. Ctrl-C stops everything in the opposite order, and so does anything else that ends this process or the
 * npm that runs it.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import nextEnv from "@next/env";
import { type Backend, chooseBackend, type Mode } from "./embedded/backend.ts";
import type { Env } from "./embedded/env-file.ts";
import { type NextProcess, startNext } from "./embedded/next-process.ts";
import { freePortFrom, isFree, portFrom } from "./embedded/ports.ts";
import { StartProblem } from "./embedded/problem.ts";
import { step } from "./embedded/steps.ts";
import { watchNpm } from "./embedded/watch-npm.ts";

const ROOT = resolve(import.meta.dirname, "..");
const DEFAULT_PORT = 3000;
/** npm passes Ctrl-C on although the terminal has already sent it; only a later one counts as the second. */
const SECOND_SIGNAL_AFTER_MS = 1_000;

let backend: Backend | undefined;
let next: NextProcess | undefined;
let stoppedAt: number | undefined;

async function main(mode: Mode): Promise<void> {
  const inherited = { ...process.env };
  const settings = readSettings(mode);
  if (mode === "start" && !existsSync(join(ROOT, ".next/BUILD_ID"))) {
    throw new StartProblem("There is no build to start. Run `npm run build` first.");
  }
  const port = await appPort(inherited.PORT);
  // The demo runs only on this machine.
  const siteUrl = (mode !== "demo" && settings.SITE_URL) || `http://localhost:${port}`;
  // The production build on a hosted Supabase may be public: the app then requires its address instead of guessing one.
  const isPublic = mode === "start" && Boolean(settings.NEXT_PUBLIC_SUPABASE_URL);
  backend = await chooseBackend(mode, ROOT, settings, siteUrl);

  next = startNext(mode === "start" ? "start" : "dev", ROOT, port, {
    ...inherited,
    ...backend.env,
    ...(!isPublic && { SITE_URL: siteUrl }),
    NEXT_TELEMETRY_DISABLED: "1",
  });
  process.once("exit", next.kill);
  next.exited.then(stop);
  // The sign-in page asks the database nothing, so that Next compiles it while the database starts.
  const page = step("Preparing the sign-in page", next.ready, (_, time) => `Sign-in page ready (${time})`);
  await backend.start();
  await backend.checkKey();
  await page;
  await backend.fill?.(siteUrl);
  console.log(`Command Center is at http://localhost:${port}`);
}

/** What Next will see: the environment and the `.env` files, in Next's own order. */
function readSettings(mode: Mode): Env {
  const log = { info: () => {}, error: console.error };
  return { ...nextEnv.loadEnvConfig(ROOT, mode !== "start", log).combinedEnv };
}

/** @throws StartProblem if PORT is set and taken; without PORT the next free one will do */
async function appPort(asked: string | undefined): Promise<number> {
  const port = portFrom("PORT", asked);
  if (port === undefined) return freePortFrom(DEFAULT_PORT, "the app");
  if (await isFree(port)) return port;
  throw new StartProblem(`Port ${port} is taken. Stop what uses it, or set PORT to another one.`);
}

/** Stops everything, the app before what it depends on, and ends this process. */
async function stop(code: number): Promise<void> {
  if (stoppedAt !== undefined) return;
  stoppedAt = performance.now();
  await next?.stop();
  await backend?.stop().catch(console.error);
  process.exit(code);
}

function onSignal(): void {
  if (stoppedAt !== undefined && performance.now() - stoppedAt > SECOND_SIGNAL_AFTER_MS) process.exit(130);
  void stop(0);
}

function onFailure(error: unknown): void {
  if (stoppedAt !== undefined) return;
  console.error(error instanceof StartProblem ? `✗ ${error.message}` : error);
  void stop(1);
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
const mode = process.argv[2];
if (mode === "dev" || mode === "start" || mode === "demo") {
  void watchNpm(mode, () => void stop(0));
  main(mode).catch(onFailure);
} else {
  console.error("Usage: node scripts/start.ts dev|start|demo");
  process.exitCode = 2;
}
