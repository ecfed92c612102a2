import tests from "../../playwright.config";

/** For `npm run test:registry`, which starts the servers: the vault's own tests, and those of the installation. */
export default {
  ...tests,
  testDir: "..",
  testMatch: ["e2e/{vault,pasting,dropping}.spec.ts", "registry/installed.spec.ts"],
  outputDir: "../../test-results/registry",
  webServer: undefined,
};
