import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { startEmbedded } from "../../scripts/embedded/server.ts";
import { kill, NOTES, optionsIn, runScript, testFolder } from "./support.ts";

test("a first start that is killed, whenever, leaves a folder that opens", { timeout: 120_000 }, async () => {
  const options = optionsIn(testFolder(), { "1_notes.sql": NOTES });
  const unfinished = () =>
    existsSync(options.dataDir)
      ? readdirSync(options.dataDir).filter((name) => name.startsWith("postgres.unfinished"))
      : [];
  const isBegun = () => unfinished().some((name) => existsSync(join(options.dataDir, name, "base")));
  for (const milliseconds of [0, 300, 800, 1_500]) {
    const child = runScript("run-embedded.ts", JSON.stringify(options));
    await vi.waitUntil(() => isBegun(), { timeout: 30_000, interval: 10 });
    await sleep(milliseconds);
    await kill(child);
  }

  const embedded = await startEmbedded(options);
  const response = await fetch(`${embedded.url}/rest/v1/notes`, { headers: { apikey: options.secretKey } });
  expect(await response.json()).toEqual([]);
  expect(unfinished()).toEqual([]);
  await embedded.close();
});

test("a database that cannot be created is a sentence, and leaves nothing in the way of the next start", async () => {
  const options = optionsIn(testFolder());
  // Makes every process of Node's fail that is started from here.
  vi.stubEnv("NODE_OPTIONS", "--no-such-option");
  await expect(startEmbedded(options)).rejects.toThrow(
    `PostgreSQL could not make the files of a database in ${options.dataDir}.`,
  );
  vi.unstubAllEnvs();
  expect(readdirSync(options.dataDir)).toEqual(["lock"]);
  await (await startEmbedded(options)).close();
});

test("a folder that holds no database is left alone, with a sentence", async () => {
  const options = optionsIn(testFolder());
  mkdirSync(join(options.dataDir, "postgres"), { recursive: true });
  writeFileSync(join(options.dataDir, "postgres", "PG_VERSION"), "9.6\n");
  await expect(startEmbedded(options)).rejects.toThrow("move the folder away to start with an empty one");
});
