import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { maxDuration } from "../../app/api/reveal/run/route.ts";
import { afterRun } from "../../lib/ledger/after-run.ts";
import type { OpenRun, RunEnding } from "../../lib/vault-usage/entry.ts";

// What a host that gives a request 300 seconds has left for the webhooks of a run. The run's own entry is stored before.

const kept = vi.hoisted((): Promise<void>[] => []);
const told = vi.hoisted(() => vi.fn<(ending: RunEnding, left: number) => Promise<void>>());
vi.mock("next/server", () => ({ after: (work: () => Promise<void>) => void kept.push(work()) }));
vi.mock("../../lib/webhooks/events.ts", () => ({ tellOfRun: told }));
vi.mock("../../lib/alerts/expiring.ts", () => ({ tellOfExpiring: async () => {} }));
vi.mock("../../lib/alerts/refused-key.ts", () => ({ noteVerdict: async () => {} }));
vi.mock("../../lib/alerts/spending.ts", () => ({ alertOfSpending: async () => {} }));

beforeEach(() => vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => {
  vi.useRealTimers();
  kept.length = 0;
  told.mockReset();
});

it.each([
  [1_000, 50_000],
  [248_000, 50_000],
  [280_000, 18_000],
])(
  "A run of %i ms leaves %i ms for its webhooks, and the host is kept until they are told",
  async (took, left) => {
    const stored = Promise.withResolvers<RunEnding>();
    const answered = Promise.withResolvers<void>();
    const telling = Promise.withResolvers<number>();
    told.mockImplementation((_, given) => {
      telling.resolve(given);
      return answered.promise;
    });
    let isDone = false;
    afterRun({ finished: stored.promise, isLimited: false } as OpenRun, new Date());
    void kept[0]?.then(() => {
      isDone = true;
    });
    vi.advanceTimersByTime(took);
    stored.resolve({ status: "completed", source: "user", user_id: "u" } as RunEnding);
    expect(await telling.promise).toBe(left);
    expect(took + left).toBeLessThan(maxDuration * 1_000);
    expect(isDone).toBe(false);
    answered.resolve();
    await kept[0];
    expect(isDone).toBe(true);
  },
);
