import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setFlagsFromString } from "node:v8";
import type { TestProject } from "vitest/node";
import { type EmbeddedOptions, startEmbedded } from "../../scripts/embedded/server.ts";
import { copyCluster } from "../support/cluster.ts";
import { TEST_JWT_SECRET, TEST_PUBLISHABLE_KEY, TEST_SECRET_KEY } from "../support/keys.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The folder of a migrated database without rows, which nobody has open. */
    template: string;
  }
}

/** What every database of these tests is started with. */
export function optionsFor(dataDir: string): EmbeddedOptions {
  return {
    dataDir,
    port: 0,
    publishableKey: TEST_PUBLISHABLE_KEY,
    secretKey: TEST_SECRET_KEY,
    jwtSecret: TEST_JWT_SECRET,
    siteUrl: "http://localhost:3000",
    migrationsDir: resolve(import.meta.dirname, "../../supabase/migrations"),
  };
}

/**
 * Makes the database that each file of tests begins with a copy of, once before all of them: to create and to
 * migrate one takes seconds of CPU, to copy one does not.
 *
 * @returns what removes it again
 */
export default async function setup(project: TestProject): Promise<() => void> {
  // As vitest.config.ts has it for the tests, which run in other processes.
  setFlagsFromString("--liftoff-only");
  const template = mkdtempSync(join(tmpdir(), "vault-template-"));
  await copyCluster(template);
  const { close } = await startEmbedded(optionsFor(template));
  await close();
  project.provide("template", template);
  return () => rmSync(template, { recursive: true, force: true });
}
