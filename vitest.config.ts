import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL(".", import.meta.url));

export default defineConfig({
  resolve: {
    alias: {
      "@": root,
      // The package that fails a build where a browser would load server code; in Node it has nothing to do.
      "server-only": `${root}/node_modules/server-only/empty.js`,
    },
  },
  test: {
    include: ["tests/{unit,service,bridge,database,embedded}/**/*.test.ts"],
    silent: "passed-only",
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two cores: the suites that start databases and servers would starve each other.
    maxWorkers: 2,
  },
});
