import tests from "../../playwright.config";
import { hostNamed } from "./hosts";

/** For `npm run test:registry`, which starts the servers. HOST names the app. */
export default {
  ...tests,
  testDir: "..",
  testMatch: hostNamed(process.env.HOST).tests,
  outputDir: "../../test-results/registry",
  webServer: undefined,
};
