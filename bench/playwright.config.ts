import tests from "../playwright.config";
import { browserLaunchOptions } from "../tests/support/browser";

/** `npm run bench:browser`: how long the panel takes in a real browser, printed and never a failure. */
export default {
  ...tests,
  testDir: ".",
  testMatch: "*.bench.ts",
  workers: 1,
  // As people's browsers are: one that optimizes, and a page of its own.
  use: { ...tests.use, launchOptions: await browserLaunchOptions(), reuseContext: false },
};
