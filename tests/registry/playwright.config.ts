import { defineConfig, devices } from "@playwright/test";
import { browserLaunchOptions } from "../support/browser";
import { APP_URL } from "../support/ports";

/** For `npm run test:registry`, which starts the servers: the vault's own tests, and those of the installation. */
export default defineConfig({
  testDir: "..",
  testMatch: ["e2e/vault.spec.ts", "registry/installed.spec.ts"],
  outputDir: "../../test-results/registry",
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    ...devices["Desktop Chrome"],
    baseURL: APP_URL,
    launchOptions: await browserLaunchOptions(),
  },
});
