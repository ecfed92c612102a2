/**
 * Stands in for `npm install PACKAGE@RANGE …`, which the shadcn CLI calls and which asks npm's registry even for what
 * is installed. The registry lies outside of what this test is about, and the test needs no network: so this enters
 * the ranges in package.json, and then calls the real npm with `--offline`. That keeps what satisfies them in
 * node_modules, fails where something does not, removes what nobody asks for, and writes the lock file.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [command, ...parameters] = process.argv.slice(2);
if (command !== "install") throw new Error(`Only "npm install" is expected here, not "npm ${command}".`);
const asked = parameters.filter((parameter) => !parameter.startsWith("-"));

const manifest = JSON.parse(readFileSync("package.json", "utf8"));
for (const item of asked) {
  const at = item.lastIndexOf("@");
  // A name alone is whatever is installed here.
  if (at < 1) manifest.dependencies[item] = "*";
  else manifest.dependencies[item.slice(0, at)] = item.slice(at + 1);
}
writeFileSync("package.json", `${JSON.stringify(manifest, null, 2)}\n`);

const cache = mkdtempSync(join(tmpdir(), "empty-npm-cache-"));
const { status } = spawnSync(
  process.env.REAL_NPM ?? "",
  ["install", "--offline", "--no-audit", "--no-fund", "--cache", cache],
  { stdio: "inherit" },
);
rmSync(cache, { recursive: true });
process.exit(status ?? 1);
