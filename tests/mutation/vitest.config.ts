import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** What run.ts asks for. */
const include = (process.env.MUTATION_TESTS ?? "").split(",");

/** As vitest.config.ts, without its projects, of which Stryker runs one. */
export default defineConfig({
  root,
  resolve: { alias: { "@": root, "server-only": `${root}/node_modules/server-only/empty.js` } },
  test: {
    include,
    // Instrumented, the file has more lines.
    testNamePattern: /^(?!.*stays below 80 lines)/,
    ...(include.some((path) => path.includes("/service/")) && { globalSetup: "tests/service/template.ts" }),
    env: { LITE_AUTH_BCRYPT_COST: "4" },
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
