import { mergeConfig } from "vitest/config";
import { vaultConfig } from "./vitest.ts";

// These start a database each, so they run for the three files alone that talk to it.
export default mergeConfig(vaultConfig, {
  test: {
    include: ["tests/service/{import,resolve,secrets}.test.ts"],
    globalSetup: "tests/service/template.ts",
  },
});
