import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** As vitest.config.ts, without its projects, which Stryker runs one of. */
export const vaultConfig = defineConfig({
  root,
  resolve: { alias: { "@": root, "server-only": `${root}/node_modules/server-only/empty.js` } },
  test: { env: { LITE_AUTH_BCRYPT_COST: "4" }, testTimeout: 30_000, hookTimeout: 60_000 },
});
