import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** As vitest.config.ts has it for the services, and with the recipes' own files. */
export default defineConfig({
  root,
  resolve: {
    alias: [
      { find: /^@\/lib\/ai\//, replacement: `${root}tests/recipes/blocks/lib/ai/` },
      { find: /^@\//, replacement: root },
      { find: "server-only", replacement: `${root}node_modules/server-only/empty.js` },
    ],
  },
  test: {
    include: ["tests/recipes/*.test.ts"],
    globalSetup: "tests/service/template.ts",
    env: { LITE_AUTH_BCRYPT_COST: "4" },
    execArgv: ["--liftoff-only"],
    silent: "passed-only",
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
