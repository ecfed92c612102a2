import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { startEmbedded } from "../../scripts/embedded/server.ts";
import { PATIENCE_MS } from "../support/patience.ts";
import { kill, NOTES, optionsIn, runScript, testFolder } from "./support.ts";

test("a first start that is killed, whenever, leaves a folder that opens", async () => {
  const options = optionsIn(testFolder(), { "1_notes.sql": NOTES });
  mkdirSync(options.dataDir);
  const made = () => readdirSync(options.dataDir).filter((name) => name.startsWith("postgres"));
  /** Starts one, and kills it so long after there is something new. */
  const killAfter = async (milliseconds: number, isBegun: () => boolean) => {
    const child = runScript("run-embedded.ts", JSON.stringify(options));
    await vi.waitUntil(isBegun, { timeout: PATIENCE_MS, interval: 5 });
    await sleep(milliseconds);
    await kill(child);
  };
  // While PostgreSQL makes its files, and while they are moved into place.
  for (const milliseconds of [0, 500, 1_500]) {
    const before = made();
    await killAfter(milliseconds, () => made().some((name) => !before.includes(name)));
    if (made().includes("postgres")) break;
  }
  // While Supabase's schemas and the migrations are added.
  for (const milliseconds of [0, 400]) await killAfter(milliseconds, () => made().includes("postgres"));

  const embedded = await startEmbedded(options);
  const response = await fetch(`${embedded.url}/rest/v1/notes`, { headers: { apikey: options.secretKey } });
  expect(await response.json()).toEqual([]);
  expect(made()).toEqual(["postgres"]);
  await embedded.close();
});

test("a database that cannot be created is a sentence, and leaves nothing in the way of the next start", async () => {
  const options = optionsIn(testFolder());
  // Makes every Node process that is started from here fail.
  onTestFinished(() => void vi.unstubAllEnvs());
  vi.stubEnv("NODE_OPTIONS", "--no-such-option");
  await expect(startEmbedded(options)).rejects.toThrow(
    `PostgreSQL couldn't create a database in ${options.dataDir}.`,
  );
  vi.unstubAllEnvs();
  expect(readdirSync(options.dataDir)).toEqual(["lock"]);
  await (await startEmbedded(options)).close();
});

test("a folder that holds no database is left alone, with a sentence", async () => {
  const options = optionsIn(testFolder());
  mkdirSync(join(options.dataDir, "postgres"), { recursive: true });
  writeFileSync(join(options.dataDir, "postgres", "PG_VERSION"), "9.6\n");
  await expect(startEmbedded(options)).rejects.toThrow("Move the folder away to start with an empty one");
});
