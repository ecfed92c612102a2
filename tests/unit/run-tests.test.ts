import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, it, onTestFinished } from "vitest";

const SCRIPT = resolve("scripts/test.ts");
const VITEST = resolve("node_modules/vitest/vitest.mjs");
const MODULE = resolve("node_modules/vitest/dist/index.js");

/** Runs commands of a package whose scripts are these, as `npm test` does with this one's. */
function run(scripts: Record<string, string>, files: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "run-tests-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ scripts }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const child = spawn(process.execPath, [SCRIPT, ...Object.keys(scripts)], { cwd: folder });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  return { child, output: () => output, ended: once(child, "close") };
}

it("runs what comes after a command that failed, and names each failure at the end", async () => {
  const { output, ended } = run({
    "test:first": "echo first && exit 3",
    "test:second": "echo second",
    "test:third": "echo third && exit 1",
  });
  expect(await ended).toEqual([1, null]);
  expect(output()).toMatch(/^first$.*^second$.*^third$/ms);
  expect(output()).toMatch(/\n✗ Failed: npm run test:first, npm run test:third\n$/);
});

it("repeats at the end what failed in a run of Vitest", async () => {
  const { output, ended } = run(
    { "test:first": `node ${VITEST} run`, "test:second": "echo second" },
    {
      "vitest.config.mjs":
        'export default { test: { reporters: ["default", "json"], outputFile: { json: process.env.TEST_REPORT } } };',
      "a.test.mjs": `import { expect, it } from "${MODULE}";\nit("adds", () => expect(1 + 1).toBe(3));\nit("waits", () => {});\n`,
      "b.test.mjs": 'throw new Error("not even begun");\n',
    },
  );
  expect(await ended).toEqual([1, null]);
  const [, end = ""] = output().split(/^second$/m);
  expect(end).toMatch(/^✗ \S+a\.test\.mjs: adds\n.*expected 2 to be 3/m);
  expect(end).toMatch(/^✗ \S+b\.test\.mjs\n.*not even begun/m);
  expect(end).not.toContain("waits");
  expect(end).toMatch(/\n✗ Failed: npm run test:first\n$/);
});

it("exits with 0 if every command passes", async () => {
  const { output, ended } = run({ "test:first": "echo first", "test:second": "echo second" });
  expect(await ended).toEqual([0, null]);
  expect(output()).not.toContain("Failed");
});

it.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("passes %s on, and begins no other command", async (signal, code) => {
  const wait = `node -e "setInterval(() => {}, 1000); console.log('begun')"`;
  const { child, output, ended } = run({ "test:first": wait, "test:second": "echo second" });
  await new Promise<void>((resolve) => {
    child.stdout.on("data", () => /^begun$/m.test(output()) && resolve());
  });
  child.kill(signal);
  expect(await ended).toEqual([code, null]);
  expect(output()).not.toMatch(/^second$/m);
});
