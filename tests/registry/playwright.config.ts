import tests from "../../playwright.config";

/** For `npm run test:registry`, which starts the servers. HOST_TESTS is a JSON list of patterns of files. */
export default {
  ...tests,
  testDir: "..",
  testMatch: JSON.parse(process.env.HOST_TESTS ?? "[]"),
  outputDir: "../../test-results/registry",
  webServer: undefined,
};
