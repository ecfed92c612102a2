import { expect } from "@playwright/test";
import { as, newPerson, post } from "../e2e/api/client";
import { newKey, receivedWith } from "../e2e/fixtures";
import { PLATFORM_KEY } from "../support/keys";
import { APP_URL } from "../support/ports";
import { logOf, test } from "./broken";

// The provider out of reach, and breaking off, with what the ledger says of it in the end. Its deadline of 280 seconds
// and its refusals are in tests/unit/reveal-provider.test.ts; what a page shows, in tests/e2e/reveal.spec.ts.

const KEY = "ANTHROPIC_API_KEY";

async function somebodyWith(key: string) {
  const ask = as(await newPerson());
  expect((await ask("/api/vault", post({ key: KEY, value: key }))).status).toBe(201);
  const runs = async () => (await ask("/api/usage/runs")).json.runs as Record<string, unknown>[];
  return { ask, runs, run: () => ask("/api/reveal/run", post({ prompt: "Hello" })) };
}

for (const [what, word] of [
  ["hangs up", "hangup"],
  ["cuts the answer", "cut"],
  ["ends the answer early", "unfinished"],
] as const) {
  test(`a provider that ${what} is said, entered, and logged once`, async ({ broken: { app } }) => {
    const key = newKey(word);
    const { ask, runs, run } = await somebodyWith(key);
    const log = await logOf(app, async () => {
      const reply = await run();
      if (word === "hangup") {
        expect(reply).toMatchObject({ status: 502, json: { code: "provider_unavailable", source: "user" } });
      } else {
        const events = reply.text
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line));
        expect(events[0]).toMatchObject({ type: "start", source: "user" });
        expect(events.filter(({ type }) => type === "text").length).toBeGreaterThan(1);
        expect(events.at(-1)).toMatchObject({
          type: "error",
          problem: {
            status: 502,
            code: "provider_unavailable",
            source: "user",
            detail: expect.stringMatching(/\.$/),
          },
        });
        expect(events.filter(({ type }) => type === "done")).toEqual([]);
      }
    });
    expect(log).toMatchObject([{ code: "provider_unavailable", status: 502 }]);
    await expect.poll(runs).toMatchObject([{ source: "user", status: "provider_unavailable" }]);
    const analysis = await ask("/api/reveal/analyze", post({ text: "Hello" }));
    expect(analysis).toMatchObject({ status: 502, json: { code: "provider_unavailable" } });
    await expect.poll(async () => (await runs()).length).toBe(2);
    expect((await runs()).map(({ status }) => status)).toEqual([
      "provider_unavailable",
      "provider_unavailable",
    ]);
    expect(await receivedWith(key)).toHaveLength(2);
    expect(await receivedWith(PLATFORM_KEY)).toEqual([]);
  });
}

test("a provider whose port is closed is said at once, and used again once it is open", async ({
  broken,
}) => {
  const { ask, runs, run } = await somebodyWith(newKey());
  await broken.stopProvider();
  const log = await logOf(broken.app, async () => {
    const reply = await run();
    expect(reply).toMatchObject({ status: 502, json: { code: "provider_unavailable", source: "user" } });
    const checked = await ask("/api/vault/check", post({ key: KEY }));
    expect(checked).toMatchObject({ status: 200, json: { result: "unreachable" } });
  });
  expect(log).toMatchObject([{ code: "provider_unavailable" }]);
  await broken.startProvider();
  expect((await run()).text).toContain('"type":"done"');
  await expect
    .poll(async () => (await runs()).map(({ status }) => status))
    .toEqual(["completed", "provider_unavailable"]);
});

test("a provider that is silent is given up when the person leaves, and the ledger says so", async ({
  broken: _,
}) => {
  const key = newKey("silent");
  const person = await newPerson();
  const ask = as(person);
  await ask("/api/vault", post({ key: KEY, value: key }));
  const leaving = new AbortController();
  const run = fetch(`${APP_URL}/api/reveal/run`, {
    method: "POST",
    headers: { Cookie: person.cookie, "Content-Type": "application/json" },
    body: JSON.stringify({ prompt: "Hello" }),
    signal: leaving.signal,
  }).catch(() => "left");
  await expect.poll(async () => (await receivedWith(key)).length).toBe(1);
  expect((await ask("/api/usage/runs")).json.runs).toMatchObject([{ status: "started" }]);
  leaving.abort();
  expect(await run).toBe("left");
  await expect.poll(async () => (await receivedWith(key))[0]?.aborted).toBe(true);
  await expect
    .poll(async () => (await ask("/api/usage/runs")).json.runs)
    .toMatchObject([{ status: "cancelled" }]);
});

test("a run whose end the database does not take at first is entered a second later", async ({
  broken: { app, proxy },
}) => {
  const { runs, run } = await somebodyWith(newKey());
  proxy.failWhere("rest", "down", /^PATCH .*reveal_runs/);
  const log = await logOf(app, async () => {
    expect((await run()).text).toContain('"type":"done"');
    proxy.heal();
    await expect.poll(runs).toMatchObject([{ source: "user", status: "completed" }]);
  });
  expect(log).toEqual([]);
});
