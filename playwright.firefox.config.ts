import { devices } from "@playwright/test";
import tests from "./playwright.config";
import { firefoxPath, speakWithFirefoxEsr } from "./tests/support/firefox";

/** What depends on the browser: pasting, dropping, copying, files, focus and the keyboard. */
const SPECS = ["pasting.spec.ts", "dropping.spec.ts", "importing.spec.ts"];

/** Firefox 140 can neither be taken offline nor say what a reply held. */
const NOT_THERE = /a change that does not arrive|without a network|reaches the browser/;
/** What does not depend on the browser, such as what an import does once its file was read. */
const ANY_BROWSER = /@any-browser/;

const executablePath = firefoxPath();
speakWithFirefoxEsr();

/** `npm run test:firefox`, after `npm run build`: the same tests in the Firefox of this machine, by WebDriver BiDi. */
export default {
  ...tests,
  globalSetup: "./tests/support/require-firefox.ts",
  testMatch: SPECS,
  grepInvert: [NOT_THERE, ANY_BROWSER],
  outputDir: "test-results/firefox",
  use: {
    ...tests.use,
    ...devices["Desktop Firefox"],
    // Its own, which is that of the installed version.
    userAgent: undefined,
    channel: "moz-firefox",
    // WebDriver BiDi can't empty a page.
    reuseContext: false,
    launchOptions: {
      ...(executablePath && { executablePath }),
      firefoxUserPrefs: {
        "ui.prefersReducedMotion": 1,
        // Milliseconds after a click in which a page may copy. A busy machine needs more than 5 seconds to the next step.
        "dom.user_activation.transient.timeout": 600_000,
      },
    },
  },
};
