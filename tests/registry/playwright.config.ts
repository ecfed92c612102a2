import tests from "../../playwright.config";

/** For `npm run test:registry`, which starts the servers. HOST_TESTS names the files. */
export default {
  ...tests,
  testDir: "..",
  testMatch: process.env.HOST_TESTS?.split(","),
  outputDir: "../../test-results/registry",
  webServer: undefined,
};
