import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { startNext } from "../../scripts/embedded/next-process.ts";
import { freePort, HOST } from "../../scripts/embedded/ports.ts";
import { TEST_MASTER_KEY, TEST_PUBLISHABLE_KEY, TEST_SECRET_KEY } from "../../tests/support/keys.ts";
import { copyProject, projectFiles } from "../../tests/support/project-copy.ts";

const ROOT = resolve(import.meta.dirname, "../..");
/** Inside the project, so that hard links are possible, and ignored by git. */
const COPY = join(ROOT, ".data/bench/app");
const BARE_ROUTE = "app/api/bench/route.ts";
const FIRST_PORT = 3207;

let isBuilt = false;

/**
 * Copies the project, adds the bare route, which no deployment is to have, and builds it; once in a process.
 *
 * @returns the copy's folder
 */
export function buildApp(): string {
  if (isBuilt) return COPY;
  rmSync(COPY, { recursive: true, force: true });
  copyProject(ROOT, COPY, projectFiles(ROOT));
  mkdirSync(dirname(join(COPY, BARE_ROUTE)), { recursive: true });
  copyFileSync(join(import.meta.dirname, "bare-route.ts"), join(COPY, BARE_ROUTE));
  execFileSync(process.execPath, [join(COPY, "node_modules/next/dist/bin/next"), "build"], {
    cwd: COPY,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  isBuilt = true;
  return COPY;
}

/**
 * Starts the production build in `folder` on a database, and waits until it answers.
 *
 * @param more what its environment has that others' do not
 */
export async function startApp(folder: string, database: string, more: Record<string, string> = {}) {
  const port = await freePort(FIRST_PORT);
  const url = `http://${HOST}:${port}`;
  const next = startNext("start", folder, port, {
    ...process.env,
    NEXT_TELEMETRY_DISABLED: "1",
    SITE_URL: url,
    NEXT_PUBLIC_SUPABASE_URL: database,
    NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY: TEST_PUBLISHABLE_KEY,
    SUPABASE_SECRET_KEY: TEST_SECRET_KEY,
    VAULT_MASTER_KEY: TEST_MASTER_KEY,
    ...more,
  });
  await next.ready();
  return { ...next, url };
}
