import { mergeConfig } from "vitest/config";
import { vaultConfig } from "./vitest.ts";

export default mergeConfig(vaultConfig, {
  test: {
    include: [
      "tests/unit/{access,catalog,check-key,clean,crypto,env-import,errors,guard,http-client,outage,rules,seal,turns,utc-time}.test.ts",
    ],
    // Instrumented, the file has more lines.
    testNamePattern: /^(?!.*stays below 80 lines)/,
  },
});
