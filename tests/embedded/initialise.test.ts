import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { startEmbedded } from "../../scripts/embedded/server.ts";
import { kill, NOTES, optionsIn, runScript, testFolder } from "./support.ts";

test("a first start that is killed, whenever, leaves a folder that opens", { timeout: 120_000 }, async () => {
  const options = optionsIn(testFolder(), { "1_notes.sql": NOTES });
  const unfinished = join(options.dataDir, "postgres.unfinished");
  for (const milliseconds of [0, 300, 800, 1_500]) {
    const child = runScript("run-embedded.ts", JSON.stringify(options));
    await vi.waitUntil(() => existsSync(join(unfinished, "base")), { timeout: 30_000, interval: 10 });
    await sleep(milliseconds);
    await kill(child);
  }

  const embedded = await startEmbedded(options);
  const response = await fetch(`${embedded.url}/rest/v1/notes`, { headers: { apikey: options.secretKey } });
  expect(await response.json()).toEqual([]);
  expect(existsSync(unfinished)).toBe(false);
  await embedded.close();
});

test("a folder that holds no database is left alone, with a sentence", async () => {
  const options = optionsIn(testFolder());
  mkdirSync(join(options.dataDir, "postgres"), { recursive: true });
  writeFileSync(join(options.dataDir, "postgres", "PG_VERSION"), "9.6\n");
  await expect(startEmbedded(options)).rejects.toThrow("move the folder away to start with an empty one");
});
