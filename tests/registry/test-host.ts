import { join } from "node:path";
import { startNext } from "../../scripts/embedded/next-process.ts";
import { OTHER_MASTER_KEY, TEST_MASTER_KEY } from "../support/keys.ts";
import { ANTHROPIC_URL, APP_PORT, APP_URL } from "../support/ports.ts";
import { dataOf, forgetDatabase, startSupabase } from "./database.ts";
import { appOf, type Host, migrationsOf, PROJECT, skeletonOf } from "./hosts.ts";
import { BARE_ENV, run, statusOf } from "./processes.ts";
import { lookBefore, remove } from "./removal.ts";
import { step } from "./step.ts";
import { olderMigrationsOf } from "./update.ts";
import { hasUsage, LENDING, LENDING_TESTS, USAGE_SETTINGS, USAGE_TESTS } from "./usage.ts";

let stopNext = () => {};

/** Ends the app that is running. */
export const stopApp = () => stopNext();

/** Runs the browser tests in an app that was built, on a database that is older than the vault. */
export async function testHost(host: Host): Promise<void> {
  const app = appOf(host);
  console.log(`\n== The app "${host.name}", in ${app}`);
  const applied: string[] = [];
  forgetDatabase(host);
  const before = await step("The database before the vault", async () => {
    await (
      await startSupabase(host, join(skeletonOf(host), host.app, "supabase/migrations"), applied)
    ).close();
    if (!host.isUpdated) return;
    const before = await lookBefore(host);
    await (await startSupabase(host, olderMigrationsOf(host), applied)).close();
    return before;
  });
  const supabase = await step("The migrations", () => startSupabase(host, migrationsOf(host), applied));
  try {
    const tests = hasUsage(host) ? [...host.tests, ...USAGE_TESTS] : host.tests;
    await step("The browser tests", () => runTests(host, tests, USAGE_SETTINGS));
    if (hasUsage(host))
      await step("The browser tests with a key that is lent", () => runTests(host, LENDING_TESTS, LENDING));
    await step("A wrong master key is found at the start", () => tryKeys(app));
  } finally {
    await supabase.close();
  }
  if (before) await step("The removal", () => remove(host, before, applied));
}

/**
 * @param tests below `tests/`
 * @param settings of the app, besides those of docs/install.md
 */
async function runTests(host: Host, tests: string[], settings: Record<string, string>): Promise<void> {
  const env = {
    ...BARE_ENV,
    NODE_ENV: "production" as const,
    ANTHROPIC_BASE_URL: ANTHROPIC_URL,
    ...settings,
  };
  const next = startNext("start", appOf(host), APP_PORT, env);
  stopNext = next.kill;
  try {
    await Promise.race([
      next.ready(),
      next.exited.then((code) => {
        throw new Error(`The app ended with ${code}.`);
      }),
    ]);
    await run(
      join(PROJECT, "node_modules/.bin/playwright"),
      ["test", "--config", "tests/registry/playwright.config.ts"],
      {
        cwd: PROJECT,
        env: {
          ...BARE_ENV,
          TEST_PORT_BASE: String(APP_PORT),
          VAULT_PAGE: "/vault",
          HOST: host.name,
          HOST_TESTS: tests.join(),
          HOST_DATABASE: dataOf(host),
        },
        show: true,
      },
    );
  } finally {
    await next.stop();
  }
}

/** Starts the app with a malformed master key, with another one than the database's, and with its own. */
async function tryKeys(app: string): Promise<void> {
  const keys = [TEST_MASTER_KEY.slice(1), OTHER_MASTER_KEY, TEST_MASTER_KEY];
  const statuses: number[] = [];
  for (const VAULT_MASTER_KEY of keys)
    statuses.push(await statusOf(app, `${APP_URL}/login`, { VAULT_MASTER_KEY }));
  if (statuses.join() !== "500,500,200") throw new Error(`The app answered ${statuses}.`);
}
