import { join } from "node:path";
import { OTHER_MASTER_KEY, TEST_MASTER_KEY } from "../support/keys.ts";
import { ANTHROPIC_URL, APP_PORT, APP_URL } from "../support/ports.ts";
import { dataOf, forgetDatabase, startSupabase } from "./database.ts";
import { appOf, type Host, migrationsOf, PROJECT, skeletonOf } from "./hosts.ts";
import { BARE_ENV, run, serve } from "./processes.ts";
import { lookBefore, remove } from "./removal.ts";
import { step } from "./step.ts";
import { olderMigrationsOf } from "./update.ts";
import { hasUsage, LENDING, LENDING_TESTS, USAGE_SETTINGS, USAGE_TESTS } from "./usage.ts";

const SIGN_IN = `${APP_URL}/login`;

/** Runs the browser tests in an app that was built, on a database that is older than the vault. */
export async function testHost(host: Host): Promise<void> {
  console.log(`\n== The app "${host.name}", in ${appOf(host)}`);
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
    await step("A wrong master key is found at the start", () => tryKeys(host));
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
  const app = serve(appOf(host), APP_PORT, { ANTHROPIC_BASE_URL: ANTHROPIC_URL, ...settings });
  try {
    await app.status(SIGN_IN);
    const env = {
      ...BARE_ENV,
      TEST_PORT_BASE: String(APP_PORT),
      VAULT_PAGE: "/vault",
      HOST: host.name,
      HOST_TESTS: JSON.stringify(tests),
      HOST_DATABASE: dataOf(host),
    };
    const parameters = ["test", "--config", "tests/registry/playwright.config.ts"];
    await run(join(PROJECT, "node_modules/.bin/playwright"), parameters, { cwd: PROJECT, env, show: true });
    if (/\bError: /.test(app.output())) throw new Error("The app had an error.");
  } catch (error) {
    console.error(app.output());
    throw error;
  } finally {
    await app.stop();
  }
}

/** Starts the app with a malformed master key, with another one than the database's, and with its own. */
async function tryKeys(host: Host): Promise<void> {
  const statuses: number[] = [];
  for (const VAULT_MASTER_KEY of [TEST_MASTER_KEY.slice(1), OTHER_MASTER_KEY, TEST_MASTER_KEY]) {
    const app = serve(appOf(host), APP_PORT, { VAULT_MASTER_KEY });
    try {
      statuses.push(await app.status(SIGN_IN));
    } finally {
      await app.stop();
    }
  }
  if (statuses.join() !== "500,500,200") throw new Error(`The app answered ${statuses}.`);
}
