/**
 * `npm run test:mutation [-- GROUP …]`: changes lib/vault, what the app reads and records for it, and lib/reveal in
 * thousands of small ways, one at a time, and counts how many the tests notice. Fails below 90 %; README.md has what it
 * found. Each group of files has the tests that are meant for it, because a mistake that only another file's tests
 * notice is noticed too far away, and because it would take a day.
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

const vault = (...names: string[]) => names.map((name) => `lib/vault/${name}.ts`);
const reveal = (...names: string[]) => names.map((name) => `lib/reveal/${name}.ts`);
const usage = (...names: string[]) => names.map((name) => `lib/vault-usage/${name}.ts`);
const ledger = (...names: string[]) => names.map((name) => `lib/ledger/${name}.ts`);
const unit = (...names: string[]) => names.map((name) => `tests/unit/${name}.test.ts`);
const service = (...names: string[]) => names.map((name) => `tests/service/${name}.test.ts`);
/** Files, and the tests that are to notice what changes in them. */
const GROUPS: Record<string, { files: string[]; tests: string[] }> = {
  core: {
    files: vault("crypto", "seal", "outage", "startup", "known-key"),
    tests: unit("crypto", "seal", "access"),
  },
  access: {
    files: vault("access", "requests", "errors", "http/*"),
    tests: unit("access", "confirmer", "errors", "guard", "http-client", "turns", "vault-requests"),
  },
  rules: { files: vault("rules", "schema"), tests: unit("rules", "schema", "utc-time", "catalog") },
  clean: { files: vault("clean"), tests: unit("clean") },
  import: {
    files: vault("env-import"),
    tests: unit("env-import", "env-import-comments", "env-import-properties"),
  },
  catalog: { files: vault("catalog"), tests: unit("catalog") },
  check: {
    files: vault("check/*", "check/providers/*"),
    tests: unit("check-key", "check-limit", "check-providers", "check-verdict"),
  },
  service: {
    files: vault("service", "store", "import"),
    tests: [...service("events", "import", "resolve", "secrets"), "tests/bridge/outage.test.ts"],
  },
  app: {
    files: [...vault("host"), "lib/teams/candidates.ts", "lib/activity/events.ts", "lib/activity/record.ts"],
    tests: service("activity", "events", "resolve"),
  },
  meter: {
    files: usage("meter", "provider-usage", "receipt"),
    tests: unit("meter", "meter-take", "provider-sayings", "provider-usage"),
  },
  quotes: { files: reveal("quotes"), tests: unit("quotes") },
  failures: { files: reveal("provider-errors"), tests: unit("provider-errors") },
  events: {
    files: [...reveal("answer-events", "limits"), ...usage("bounded-fetch", "interruption")],
    tests: unit("answer-events", "answer", "bounded-fetch", "odd-status"),
  },
  answers: {
    files: reveal("answer", "run", "analyze", "client"),
    tests: unit("answer", "reveal-provider"),
  },
  wire: { files: reveal("ndjson", "requests", "schema", "types"), tests: unit("reveal-formats") },
  ledger: {
    files: usage("run", "recorded", "with-key"),
    tests: [...unit("recorded"), ...service("ledger", "payers", "platform-budget", "with-key")],
  },
  payers: {
    files: [
      ...reveal("budget", "team-budget", "payers", "health", "model"),
      ...ledger("missing-key", "models"),
    ],
    tests: service("ledger", "payers", "platform-budget", "budgets"),
  },
  limits: {
    files: ledger("enter", "refusal"),
    tests: [...unit("most-cost"), ...service("limits", "budgets")],
  },
};

function run(group: string): Report {
  const { files, tests } = GROUPS[group] ?? { files: [], tests: [] };
  console.log(`\n== ${group}: ${files.join(", ")}`);
  const stryker = join(ROOT, "tests/mutation/node_modules/.bin/stryker");
  const args = ["run", "tests/mutation/stryker.config.json", "--mutate", files.join(",")];
  // What runs out of time counts as noticed. On a busy machine a database alone takes a minute to start, and Vitest
  // ends a test that hangs by itself.
  if (tests.some((path) => !path.startsWith("tests/unit/"))) args.push("--timeoutMS", "300000");
  const { status } = spawnSync(stryker, args, {
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
    // Those that ran out of time are listed too: the time may have been too short.
    for (const { status, location, mutatorName, replacement } of counted.filter(
      ({ status }) => status !== "Killed",
    )) {
      const { line } = location.start;
      const change = `${mutatorName} => ${replacement?.replaceAll(/\s+/g, " ") ?? ""}`;
      lines.push(`  ${status} ${line}: ${source.split("\n")[line - 1]?.trim()}   [${change}]`);
    }
  }
}
const score = (100 * killed) / total;
lines.push(`${killed} of ${total} noticed: ${score.toFixed(1)} %`);
writeFileSync(join(FOLDER, `${groups.join("-")}.txt`), `${lines.join("\n")}\n`);
console.log(`\n${lines.join("\n")}`);
if (score < LEAST) process.exitCode = 1;
