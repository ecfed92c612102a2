import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { TEST_MASTER_KEY } from "../support/keys.ts";

// A process that is resumed from a snapshot has the memory of the one that the snapshot was taken of. Random bytes
// that were drawn before and kept for later are then used by every process that is resumed from it, and two texts
// under one IV give each other away. https://nodejs.org/api/cli.html#--build-snapshot

const node = (...args: string[]) =>
  promisify(execFile)(process.execPath, args, {
    env: { ...process.env, VAULT_MASTER_KEY: TEST_MASTER_KEY },
  });

let folder: string;
let blob: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "crypto-snapshot-"));
  blob = join(folder, "snapshot.blob");
});
afterAll(() => rmSync(folder, { recursive: true }));

/** lib/vault/crypto.ts as a snapshot takes it: one script, which requires nothing but what Node brings. */
function asScript(): string {
  return stripTypeScriptTypes(readFileSync("lib/vault/crypto.ts", "utf8"))
    .replace(/^import (\{[^}]*\}) from ("[^"]+");$/gm, "const $1 = require($2);")
    .replace(/^export /gm, "");
}

/** Builds a snapshot after some encryption, resumes it twice, and returns the IVs that each process has used. */
async function resumedTwice(before: string): Promise<string[][]> {
  const entry = join(folder, "entry.cjs");
  writeFileSync(
    entry,
    `${asScript()}
    const { setDeserializeMainFunction } = require("node:v8").startupSnapshot;
    ${before}
    setDeserializeMainFunction(async () => {
      for (let count = 0; count < 3; count += 1) console.log(await encrypt("the same"));
    });`,
  );
  await node("--snapshot-blob", blob, "--build-snapshot", entry);
  const ivOf = (line: string) => Buffer.from(line.slice(3), "base64url").subarray(0, 12).toString("hex");
  const resumed = [await node("--snapshot-blob", blob), await node("--snapshot-blob", blob)];
  return resumed.map(({ stdout }) => stdout.trim().split("\n").map(ivOf));
}

it.each([
  ["before the first call", ""],
  [
    "after a call that found no master key",
    `delete process.env.VAULT_MASTER_KEY; encrypt("x").catch(() => {});`,
  ],
])("two processes resumed from one snapshot, taken %s, share no IV", async (_, before) => {
  const [first = [], second = []] = await resumedTwice(before);
  expect(first).toHaveLength(3);
  expect(new Set([...first, ...second]).size).toBe(6);
});
