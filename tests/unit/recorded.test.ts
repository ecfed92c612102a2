import { describe, expect, it } from "vitest";
import { type OpenRun, type RunEnding, recorded, recordedEvents } from "@/lib/reveal/ledger";
import { Meter } from "@/lib/reveal/meter";
import { receiptOf } from "@/lib/reveal/receipt";
import type { RunEvent } from "@/lib/reveal/types";
import { vaultProblem } from "@/lib/vault/errors";

// With which word a run is ended, and when, whatever becomes of its call. What is stored then: service/ledger.test.ts.

/** An entry of the ledger whose database answers when the test says so. */
function openRun() {
  const { promise: finished, resolve } = Promise.withResolvers<RunEnding>();
  const words: string[] = [];
  const meter = new Meter({ kind: "run", model: "m", text: "text", source: "user" });
  const { signal } = new AbortController();
  const finish = (word: string) => void words.push(word);
  const openKey = async () => ({ value: "sk-ant-test-not-real", source: "user" as const });
  const run: OpenRun = { openKey, meter, isLimited: false, signal, finish, finished };
  return { run, words, store: () => resolve({} as RunEnding) };
}

const receipt = { ...receiptOf(openRun().run.meter, "user"), status: "provider_cut_off" as const };
const START: RunEvent = { type: "start", source: "user", model: "m" };
const TEXT: RunEvent = { type: "text", text: "One" };
const DONE: RunEvent = { type: "done", ...receipt };
const ERROR: RunEvent = {
  type: "error",
  problem: { status: 503, code: "provider_overloaded", detail: "Later." },
};

async function* generate(...events: RunEvent[]): AsyncGenerator<RunEvent> {
  yield* events;
}

/** Whether it is still open once everything that can happen by itself has happened. */
const isPending = (work: Promise<unknown>) =>
  Promise.race([work.then(() => false), new Promise((resolve) => setImmediate(resolve, true))]);

describe("a call that answers once", () => {
  it("ends with its status, and its result waits until that is stored", async () => {
    const { run, words, store } = openRun();
    const result = recorded(run, Promise.resolve(receipt));
    expect(await isPending(result)).toBe(true);
    expect(words).toEqual(["provider_cut_off"]);
    store();
    expect(await result).toBe(receipt);
  });

  it("has its result soon, even where nothing can be stored", async () => {
    expect(await recorded(openRun().run, Promise.resolve(receipt))).toBe(receipt);
  });

  it("ends with the code of what it fails with, and fails with that", async () => {
    for (const [error, word] of [
      [vaultProblem("vault_unavailable"), "vault_unavailable"],
      [new TypeError("a mistake of ours"), "internal"],
      [undefined, "internal"],
    ] as const) {
      const { run, words } = openRun();
      await expect(recorded(run, Promise.reject(error))).rejects.toBe(error);
      expect(words).toEqual([word]);
    }
  });
});

describe("a call that answers in events", () => {
  it("passes them on, and ends before the last one, which waits until that is stored", async () => {
    const { run, words, store } = openRun();
    const events = await recordedEvents(run, Promise.resolve(generate(START, TEXT, DONE)));
    expect([(await events.next()).value, (await events.next()).value]).toEqual([START, TEXT]);
    expect(words).toEqual([]);
    const last = events.next();
    expect(await isPending(last)).toBe(true);
    expect(words).toEqual(["provider_cut_off"]);
    store();
    expect(await last).toEqual({ done: false, value: DONE });
    expect(await events.next()).toEqual({ done: true, value: undefined });
    expect(words[0]).toBe("provider_cut_off");
  });

  it("ends with the code of an error among them, which does not wait", async () => {
    const { run, words } = openRun();
    const events = await recordedEvents(run, Promise.resolve(generate(START, ERROR)));
    await events.next();
    const last = events.next();
    expect(await isPending(last)).toBe(false);
    expect((await last).value).toEqual(ERROR);
    expect(words).toEqual(["provider_overloaded"]);
  });

  it("ends with the code of what it fails with before the first, and fails with that", async () => {
    const { run, words } = openRun();
    const problem = vaultProblem("vault_unavailable");
    await expect(recordedEvents(run, Promise.reject(problem))).rejects.toBe(problem);
    expect(words).toEqual(["vault_unavailable"]);
  });

  it.each([1, 2])("is cancelled where its reader leaves after %i", async (count) => {
    const { run, words } = openRun();
    const events = await recordedEvents(run, Promise.resolve(generate(START, TEXT, DONE)));
    for (let read = 0; read < count; read++) await events.next();
    await events.return(undefined);
    expect(words).toEqual(["cancelled"]);
  });
});
