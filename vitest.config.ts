import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { PATIENCE_MS } from "./tests/support/patience.ts";

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
    // Projects of their own for what copies a database, so that it isn't made for a run of the others alone.
    projects: [
      { extends: true, test: { name: "unit", include: ["tests/{unit,embedded}/**/*.test.ts"] } },
      {
        extends: true,
        test: {
          name: "database",
          include: ["tests/database/**/*.test.ts"],
          globalSetup: "tests/database/template.ts",
        },
      },
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
    // `npm test` repeats what failed at its end.
    reporters: ["default", ...(process.env.TEST_REPORT ? ["json"] : [])],
    ...(process.env.TEST_REPORT && { outputFile: { json: process.env.TEST_REPORT } }),
    // No test may fail by the clock, on whatever machine and beside whatever else.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    expect: { poll: { timeout: PATIENCE_MS } },
    // Three keep two cores busy, because many suites wait for timers and servers; more would starve each other.
    maxWorkers: 3,
  },
});
