import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, cpSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { APP_ENV } from "../support/app-env";
import { TEST_JWT_SECRET, TEST_PUBLISHABLE_KEY, TEST_SECRET_KEY } from "../support/keys";
import { APP_PORT, APP_URL, SUPABASE_PORT } from "../support/ports";

export const ROOT = resolve(import.meta.dirname, "../..");
const NEXT = join(ROOT, "node_modules/next/dist/bin/next");

/** A program that runs, with all that it starts. */
export interface Running {
  pid: number;
  /** All that it has printed until now. */
  output(): string;
  /** Ends it and what it has started, as `kill -9` does. */
  kill(): Promise<void>;
  /** Resolves with its exit code once it has ended. */
  ended: Promise<number | null>;
}

const outputs = dataFolder();
let started = 0;
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) end(child);
});

function end({ pid }: ChildProcess): void {
  try {
    if (pid) process.kill(-pid, "SIGKILL");
  } catch {
    // Nothing is left of the group.
  }
}

/** Starts a program in a process group of its own. */
export function run(command: string, parameters: string[], env: NodeJS.ProcessEnv = process.env): Running {
  // A file, as a pipe is read later: what a program logs before a reply has to be here when the reply is.
  const printed = join(outputs.path, String(started++));
  const file = openSync(printed, "a");
  const child = spawn(command, parameters, {
    cwd: ROOT,
    env,
    detached: true,
    stdio: ["pipe", file, file],
  });
  closeSync(file);
  running.add(child);
  const ended = once(child, "exit").then(([code]: (number | null)[]) => {
    running.delete(child);
    return code ?? null;
  });
  return {
    pid: child.pid ?? 0,
    output: () => readFileSync(printed, "utf8"),
    ended,
    kill: async () => {
      end(child);
      await ended;
    },
  };
}

/**
 * Waits until a condition holds.
 *
 * @throws Error with what it was waited for, after five minutes, or once the program has ended
 */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  program?: Running,
): Promise<void> {
  let hasEnded = false;
  void program?.ended.then(() => {
    hasEnded = true;
  });
  const from = performance.now();
  while (!(await holds())) {
    if (hasEnded || performance.now() - from > 300_000) throw new Error(`${what}:\n${program?.output()}`);
    await sleep(25);
  }
}

/** Waits until something answers at this address, whatever it answers. */
export async function answers(url: string, program: Running): Promise<void> {
  const asked = () =>
    fetch(url, { redirect: "manual", signal: AbortSignal.timeout(20_000) }).then(
      () => true,
      () => false,
    );
  await until(`Nothing answers at ${url}`, asked, program);
}

/** A folder for a database, which `remove` deletes, or the end of this process. */
export function dataFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "faults-"));
  const remove = () => rmSync(path, { recursive: true, force: true });
  process.once("exit", remove);
  return { path, remove };
}

/** Puts a database with this project's migrations, and nobody in it, into a folder. */
export function fillWithTemplate(folder: string): void {
  if (!process.env.FAULTS_TEMPLATE) throw new Error("There is no template: see tests/faults/template.ts.");
  cpSync(process.env.FAULTS_TEMPLATE, folder, { recursive: true });
}

/**
 * Starts the embedded Supabase with this project's migrations in a process of its own.
 *
 * @param nodeOptions for its process
 * @param configFile another `supabase/config.toml`
 */
export async function startDatabase(
  dataDir: string,
  nodeOptions: string[] = [],
  configFile?: string,
): Promise<Running> {
  const options = {
    dataDir,
    port: SUPABASE_PORT,
    publishableKey: TEST_PUBLISHABLE_KEY,
    secretKey: TEST_SECRET_KEY,
    jwtSecret: TEST_JWT_SECRET,
    siteUrl: APP_URL,
    migrationsDir: join(ROOT, "supabase/migrations"),
    configFile,
  };
  const script = join(ROOT, "tests/embedded/run-embedded.ts");
  // Its WebAssembly is compiled in haste: to optimize it takes longer than all that a test asks of it.
  const flags = ["--liftoff-only", ...nodeOptions];
  const database = run(process.execPath, [...flags, script, JSON.stringify(options)], APP_ENV);
  await until("The database does not start", () => database.output().includes("http://"), database);
  return database;
}

/**
 * Starts the production build.
 *
 * @param supabaseUrl what it takes for Supabase
 * @param nodeOptions for its process
 * @param changes in its environment
 */
export async function startApp(
  supabaseUrl: string,
  nodeOptions: string[] = [],
  changes: Record<string, string> = {},
): Promise<Running> {
  const next = [NEXT, "start", "-H", "127.0.0.1", "-p", String(APP_PORT)];
  const env = { ...APP_ENV, NEXT_PUBLIC_SUPABASE_URL: supabaseUrl, ...changes };
  const app = run(process.execPath, [...nodeOptions, ...next], env);
  await answers(`http://127.0.0.1:${APP_PORT}/icon.svg`, app);
  return app;
}
