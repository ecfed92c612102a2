import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { startEmbedded } from "../../scripts/embedded/server.ts";
import { kill, linesOf, optionsWithCluster, runScript, testFolder } from "./support.ts";

// A file of its own, so that it runs beside the other one that waits for servers to start and to be killed.

const ROUNDS = 3;
const WRITES_A_ROUND = 20;

test("kill -9 loses no write that was acknowledged", async () => {
  const options = await optionsWithCluster(testFolder(), {
    "1_numbers.sql":
      "create table public.numbers (n bigint primary key); grant select, insert on public.numbers to service_role;",
  });
  const headers = { apikey: options.secretKey, "content-type": "application/json" };
  const acknowledged: number[] = [];
  let n = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const child = runScript("run-embedded.ts", JSON.stringify(options));
    const url = (await linesOf(child).next()).value;
    // At another moment of its work each time, and however fast the machine is, after some of it.
    const enough = acknowledged.length + WRITES_A_ROUND;
    let killed: Promise<void> | undefined;
    for (;;) {
      if (acknowledged.length >= enough) killed ??= sleep(14 * round).then(() => kill(child));
      const body = JSON.stringify({ n: ++n });
      const response = await fetch(`${url}/rest/v1/numbers`, { method: "POST", headers, body }).catch(
        () => null,
      );
      if (!response) break;
      expect(response.status).toBe(201);
      acknowledged.push(n);
    }
    await killed;
  }

  const embedded = await startEmbedded(options);
  const found = new Set<number>();
  for (let offset = 0; offset < n; offset += 1_000) {
    const response = await fetch(`${embedded.url}/rest/v1/numbers?order=n&offset=${offset}`, { headers });
    for (const row of (await response.json()) as { n: number }[]) found.add(row.n);
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(ROUNDS * WRITES_A_ROUND);
  expect(acknowledged.filter((number) => !found.has(number))).toEqual([]);
  await embedded.close();
});
