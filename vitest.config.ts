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
    // Two projects, so that the database which the second one copies is not made for a run of the first alone.
    projects: [
      { extends: true, test: { name: "unit", include: ["tests/{unit,database,embedded}/**/*.test.ts"] } },
      {
        extends: true,
        test: {
          name: "service",
          include: ["tests/{service,bridge}/**/*.test.ts"],
          globalSetup: "tests/service/template.ts",
        },
      },
    ],
    // Passwords of tests need no strength: the auth server's usual 10 takes a tenth of a second of CPU for each.
    env: { LITE_AUTH_BCRYPT_COST: "4" },
    // V8 compiles PostgreSQL's WebAssembly in haste: each file of tests has its own, and optimizing it takes longer than
    // running it does.
    execArgv: ["--liftoff-only"],
    silent: "passed-only",
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Three keep two cores busy, because many suites wait for timers and servers; more would starve each other.
    maxWorkers: 3,
  },
});
