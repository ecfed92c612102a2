/**
 * `npm run test:mutation [-- GROUP …]`: changes lib/vault, and what the app reads and records for it, in a thousand
 * small ways, one at a time, and counts how many the tests notice. Fails below 90 %; README.md has what it found. Each
 * group of files has the tests that are meant for it, because a mistake that only another file's tests notice is
 * noticed too far away, and because it would take a day.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

interface Mutant {
  status: string;
  mutatorName: string;
  replacement?: string;
  location: { start: { line: number } };
}

interface Report {
  files: Record<string, { source: string; mutants: Mutant[] }>;
}

const ROOT = resolve(import.meta.dirname, "../..");
const FOLDER = join(ROOT, ".data/mutation");
const LEAST = 90;

const unit = (...names: string[]) => names.map((name) => `tests/unit/${name}.test.ts`);
const service = (...names: string[]) => names.map((name) => `tests/service/${name}.test.ts`);
/** Files below lib/vault, and the tests that are to notice what changes in them. */
const GROUPS: Record<string, { files: string[]; tests: string[] }> = {
  core: { files: ["crypto", "seal", "outage", "startup"], tests: unit("crypto", "seal", "access") },
  access: {
    files: ["access", "requests", "errors", "http/*"],
    tests: unit("access", "errors", "guard", "http-client", "turns"),
  },
  rules: { files: ["rules", "schema"], tests: unit("rules", "schema", "utc-time", "catalog") },
  clean: { files: ["clean"], tests: unit("clean") },
  import: { files: ["env-import"], tests: unit("env-import") },
  catalog: { files: ["catalog"], tests: unit("catalog") },
  check: { files: ["check/*"], tests: unit("check-key", "check-verdict") },
  service: {
    files: ["service", "store", "import"],
    tests: [...service("events", "import", "resolve", "secrets"), "tests/bridge/outage.test.ts"],
  },
  app: { files: ["host", "../teams/candidates", "../activity/events"], tests: service("events", "resolve") },
};

function run(group: string): Report {
  const { files, tests } = GROUPS[group] ?? { files: [], tests: [] };
  console.log(`\n== ${group}: ${files.join(", ")}`);
  const stryker = join(ROOT, "tests/mutation/node_modules/.bin/stryker");
  const mutate = files.map((file) => join("lib/vault", `${file}.ts`)).join(",");
  const { status } = spawnSync(stryker, ["run", "tests/mutation/stryker.config.json", "--mutate", mutate], {
    cwd: ROOT,
    stdio: "inherit",
    env: { ...process.env, MUTATION_TESTS: tests.join(",") },
  });
  if (status !== 0) throw new Error(`Stryker ended with ${status}.`);
  return JSON.parse(readFileSync(join(FOLDER, "report.json"), "utf8"));
}

const noticed = ({ status }: Mutant) => status === "Killed" || status === "Timeout";
const groups = process.argv.slice(2).length > 0 ? process.argv.slice(2) : Object.keys(GROUPS);
const unknown = groups.find((group) => !(group in GROUPS));
if (unknown) throw new Error(`There is no group ${unknown}: ${Object.keys(GROUPS).join(", ")}.`);

mkdirSync(FOLDER, { recursive: true });
let [killed, total] = [0, 0];
const lines: string[] = [];
for (const group of groups) {
  for (const [file, { source, mutants }] of Object.entries(run(group).files)) {
    const counted = mutants.filter(({ status }) => status !== "CompileError" && status !== "RuntimeError");
    const hits = counted.filter(noticed).length;
    [killed, total] = [killed + hits, total + counted.length];
    lines.push(`${file}: ${hits} of ${counted.length}`);
    for (const mutant of counted.filter((mutant) => !noticed(mutant))) {
      const { line } = mutant.location.start;
      const change = `${mutant.mutatorName} => ${mutant.replacement?.replaceAll(/\s+/g, " ") ?? ""}`;
      lines.push(`  ${line}: ${source.split("\n")[line - 1]?.trim()}   [${change}]`);
    }
  }
}
const score = (100 * killed) / total;
lines.push(`${killed} of ${total} noticed: ${score.toFixed(1)} %`);
writeFileSync(join(FOLDER, `${groups.join("-")}.txt`), `${lines.join("\n")}\n`);
console.log(`\n${lines.join("\n")}`);
if (score < LEAST) process.exitCode = 1;
