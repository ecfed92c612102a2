import { defineConfig, devices } from "@playwright/test";
import { browserLaunchOptions } from "./tests/support/browser";
import { APP_URL, NO_PLATFORM_KEY_URL } from "./tests/support/ports";

const launchOptions = await browserLaunchOptions();
/** V8's optimizing compilers take more time than a test's page lives to make up for. */
const haste = "--js-flags=--no-maglev --no-turbofan";

export default defineConfig({
  testDir: "tests/e2e",
  outputDir: "test-results",
  fullyParallel: true,
  // Three keep two cores busy, because every test waits for the app, its database or a timer at times.
  workers: 3,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  // Only to end what hangs: no test waits for a time, and other work on the machine makes none fail.
  timeout: 600_000,
  expect: { timeout: 120_000 },
  reporter: [["list"]],
  // For people who want none, the app moves nothing; the browser then has fewer pictures to draw.
  // No trace: to record every action costs a quarter of all the CPU time. `-- --trace retain-on-failure` after
  // `npm run test:e2e` records them.
  use: {
    ...devices["Desktop Chrome"],
    baseURL: APP_URL,
    launchOptions: { ...launchOptions, args: [...(launchOptions.args ?? []), haste] },
    contextOptions: { reducedMotion: "reduce" },
    trace: "off",
    // One page for all tests of a worker, emptied between them: a tenth of all CPU time less than a new one for each.
    reuseContext: true,
  },
  webServer: {
    command: "node tests/support/start-app.ts",
    // Other configurations that build on this one lie in other folders.
    cwd: import.meta.dirname,
    // The second server starts last.
    url: `${NO_PLATFORM_KEY_URL}/login`,
    reuseExistingServer: false,
    timeout: 600_000,
    stdout: "pipe",
    gracefulShutdown: { signal: "SIGTERM", timeout: 15_000 },
  },
});
