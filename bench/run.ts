/**
 * `npm run bench [-- PART …] [--json]`: how fast the vault is on this machine, compared with the alternatives.
 * Candidates take turns round by round. Prints Markdown, as docs/performance.md has it; says what misses its bound,
 * and fails for nothing but an error.
 */
import { cpus, totalmem } from "node:os";
import { print, type Table } from "./support/table.ts";

const PARTS: Record<string, () => Promise<{ run: () => Promise<Table[]> }>> = {
  encryption: () => import("./encryption.ts"),
  resolve: () => import("./resolve.ts"),
  api: () => import("./api.ts"),
  reveal: () => import("./reveal.ts"),
  cost: () => import("./cost.ts"),
  start: () => import("./start.ts"),
  size: () => import("./size.ts"),
  peers: () => import("./peers.ts"),
};
/** Only when it is asked for: it installs 3 GB. */
const ASKED_ONLY = ["peers"];

const asked = process.argv.slice(2).filter((argument) => argument !== "--json");
const asJson = process.argv.includes("--json");
const unknown = asked.find((part) => !(part in PARTS));
if (unknown) {
  console.error(`There is no part ${unknown}. Parts: ${Object.keys(PARTS).join(", ")}.`);
  process.exit(2);
}

// What comes out is the result and nothing else, whatever the parts start.
console.log = console.error;
const say = (text: string) => process.stdout.write(`${text}\n`);

const machine = {
  date: new Date().toISOString().slice(0, 10),
  cpu: `${cpus().length} × ${cpus()[0]?.model.trim()}`,
  memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
  node: process.version,
};
if (!asJson) say(`${Object.values(machine).join(", ")}\n`);
const results: Table[] = [];
for (const part of asked.length > 0
  ? asked
  : Object.keys(PARTS).filter((name) => !ASKED_ONLY.includes(name))) {
  const begun = performance.now();
  const { run } = await (PARTS[part] ?? (() => Promise.reject(new Error(part))))();
  const tables = await run();
  results.push(...tables);
  console.error(`${part}: ${((performance.now() - begun) / 1000).toFixed(0)} s`);
  if (!asJson) for (const table of tables) say(print(table));
}
if (asJson) say(JSON.stringify({ ...machine, results }, null, 2));
