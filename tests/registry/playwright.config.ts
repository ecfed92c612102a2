import tests from "../../playwright.config";

/** What the browser does for the panel is the same in every app, so that each app has half of it. */
const OF_THE_BROWSER = process.env.HOST_HAS_TEAMS === "yes" ? "dropping" : "pasting";

/** For `npm run test:registry`, which starts the servers: the vault's own tests, and those of the installation. */
export default {
  ...tests,
  testDir: "..",
  testMatch: [`e2e/{vault,${OF_THE_BROWSER}}.spec.ts`, "registry/installed.spec.ts"],
  outputDir: "../../test-results/registry",
  webServer: undefined,
};
