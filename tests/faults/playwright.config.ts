import tests from "../../playwright.config";

// Each file starts servers of its own, so two of them can run side by side.
process.env.TEST_PORT_BASE ||= "3157";
process.env.TEST_PORTS_PER_WORKER = "10";

/** What becomes of people and their data when something breaks: `npm run test:faults`, after `npm run build`. */
export default {
  ...tests,
  testDir: ".",
  testMatch: "*.spec.ts",
  outputDir: "../../test-results/faults",
  fullyParallel: false,
  globalSetup: "./template.ts",
  webServer: undefined,
};
