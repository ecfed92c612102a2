import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { createHostedProject } from "../support/bare-postgres.ts";

/**
 * Makes the hosted project that each file of tests begins with a copy of, once before all of them: to create one takes
 * ten times the CPU of a copy.
 *
 * @returns what removes it again
 */
export default async function setup(): Promise<() => void> {
  // As vitest.config.ts has it for the tests, which run in other processes.
  setFlagsFromString("--liftoff-only");
  const folder = mkdtempSync(join(tmpdir(), "vault-hosted-"));
  const file = join(folder, "project.tar");
  writeFileSync(file, Buffer.from(await (await createHostedProject()).arrayBuffer()));
  // In the environment, because commands use bare-postgres.ts as well, without Vitest. Its workers inherit it.
  process.env.HOSTED_PROJECT_FILE = file;
  return () => rmSync(folder, { recursive: true, force: true });
}
