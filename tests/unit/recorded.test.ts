import { describe, expect, it } from "vitest";
import { vaultProblem } from "@/lib/vault/errors";
import type { OpenRun, RunEnding } from "@/lib/vault-usage/entry";
import { usageProblem } from "@/lib/vault-usage/errors";
import { Meter } from "@/lib/vault-usage/meter";
import { providerError } from "@/lib/vault-usage/provider-problem";
import { recorded, recordedItems } from "@/lib/vault-usage/recorded";

// With which word a run is ended, and when, whatever becomes of its call. What is stored then: service/ledger.test.ts.

const KEY = "sk-test-not-real";

/** An entry of the ledger whose database answers when the test says so. */
function openRun() {
  const { promise: finished, resolve } = Promise.withResolvers<RunEnding>();
  const words: string[] = [];
  const leaving = new AbortController();
  const meter = new Meter({ key: "OPENAI_API_KEY", model: "m", text: "text", source: "user" });
  meter.signal = leaving.signal;
  const finish = (word: string) => void words.push(word);
  const openKey = async () => ({ value: KEY, source: "user" as const });
  const run: OpenRun = { openKey, meter, isLimited: false, finish, finished };
  return { run, words, meter, leaving, store: () => resolve({} as RunEnding) };
}

async function* generate(...items: (string | Error)[]): AsyncGenerator<string> {
  for (const item of items) {
    if (item instanceof Error) throw item;
    yield item;
  }
}

const reply = (status: number, body: unknown) => providerError(Response.json(body, { status }));

/** Whether it is still open once everything that can happen by itself has happened. */
const isPending = (work: Promise<unknown>) =>
  Promise.race([work.then(() => false), new Promise((resolve) => setImmediate(resolve, true))]);

const FAILURES = [
  [vaultProblem("vault_unavailable"), "vault_unavailable"],
  [usageProblem("provider_cut_off"), "provider_cut_off"],
] as const;
const MISTAKES = [
  new TypeError("a mistake of ours"),
  undefined,
  Object.assign(new Error("ours"), { status: 404 }),
];

describe("a call that answers once", () => {
  it("gets the key's value, and its result waits until its end is stored", async () => {
    const { run, words, store } = openRun();
    const result = recorded(run, (key) => `with ${key}`);
    expect(await isPending(result)).toBe(true);
    expect(words).toEqual(["completed"]);
    store();
    expect(await result).toBe(`with ${KEY}`);
  });

  it("has its result soon, even where nothing can be stored", async () => {
    expect(await recorded(openRun().run, () => "result")).toBe("result");
  });

  it("ends as its meter was told", async () => {
    for (const [reason, word] of [
      ["stop", "completed"],
      ["length", "provider_cut_off"],
      ["content_filter", "provider_declined"],
    ] as const) {
      const { run, words, meter } = openRun();
      await recorded(run, () =>
        meter.take({ choices: [{ finish_reason: reason }], usage: { prompt_tokens: 1 } }),
      );
      expect(words).toEqual([word]);
    }
  });

  it.each(FAILURES)(
    "ends with the code of what it fails with, and fails with that: %s",
    async (error, word) => {
      const { run, words } = openRun();
      await expect(recorded(run, () => Promise.reject(error))).rejects.toBe(error);
      expect(words).toEqual([word]);
    },
  );

  it.each(MISTAKES)("passes a mistake of the caller's on as it is: %s", async (error) => {
    const { run, words } = openRun();
    await expect(recorded(run, () => Promise.reject(error))).rejects.toBe(error);
    expect(words).toEqual(["internal"]);
  });

  it("fails with a sentence of ours where the provider refuses, and knows what was not billed", async () => {
    const { run, words, meter } = openRun();
    const refusal = await reply(401, { error: { code: "invalid_api_key", message: `Incorrect: ${KEY}` } });
    const problem = await recorded(run, () => Promise.reject(refusal)).catch((error) => error);
    expect(problem).toMatchObject({ code: "provider_refused_key", source: "user", cause: refusal });
    expect(problem.message).toBe("OpenAI doesn't accept your key. Replace OPENAI_API_KEY in your vault.");
    expect(words).toEqual(["provider_refused_key"]);
    expect(meter.isSent).toBe(false);
  });

  it("fails with a bad answer where that is no JSON, and counts as sent", async () => {
    const { run, words, meter } = openRun();
    const page = () => new Response("<html>", { status: 200 }).json();
    await expect(recorded(run, page)).rejects.toMatchObject({ code: "provider_bad_answer", source: "user" });
    expect([words, meter.isSent]).toEqual([["provider_bad_answer"], true]);
  });

  it("is canceled where the person leaves, whatever the call throws then", async () => {
    const { run, words, leaving } = openRun();
    leaving.abort();
    const problem = await recorded(run, () => Promise.reject(new DOMException("", "AbortError"))).catch(
      (e) => e,
    );
    expect(problem).toMatchObject({ code: "cancelled" });
    expect(words).toEqual(["cancelled"]);
  });

  it("is not made where the key can't be read", async () => {
    const { run, words, meter } = openRun();
    run.openKey = () => Promise.reject(vaultProblem("secret_unreadable"));
    let isMade = false;
    const call = recorded(run, () => {
      isMade = true;
    });
    await expect(call).rejects.toMatchObject({ code: "secret_unreadable" });
    expect([isMade, meter.isSent, words]).toEqual([false, false, ["secret_unreadable"]]);
  });
});

describe("a call that answers in items", () => {
  it("passes them on, and is over only once its end is stored", async () => {
    const { run, words, store } = openRun();
    const items = await recordedItems(run, () => generate("one", "two"));
    expect([(await items.next()).value, (await items.next()).value]).toEqual(["one", "two"]);
    expect(words).toEqual([]);
    const last = items.next();
    expect(await isPending(last)).toBe(true);
    expect(words).toEqual(["completed"]);
    store();
    expect(await last).toEqual({ done: true, value: undefined });
    expect(words[0]).toBe("completed");
  });

  it("ends with the code of what breaks it off, and fails with that", async () => {
    const { run, words } = openRun();
    const items = await recordedItems(run, () => generate("one", new TypeError("fetch failed")));
    await items.next();
    await expect(items.next()).rejects.toMatchObject({ code: "provider_unavailable" });
    expect(words[0]).toBe("provider_unavailable");
  });

  it("ends with the code of what it fails with before the first, and fails with that", async () => {
    const { run, words } = openRun();
    const problem = vaultProblem("vault_unavailable");
    await expect(recordedItems(run, () => Promise.reject(problem))).rejects.toBe(problem);
    expect(words).toEqual(["vault_unavailable"]);
  });

  it.each([0, 1, 2])("is canceled where its reader leaves after %i", async (count) => {
    const { run, words } = openRun();
    const items = await recordedItems(run, () => generate("one", "two", "three"));
    for (let read = 0; read < count; read++) await items.next();
    await items.return(undefined);
    expect(words).toEqual(["cancelled"]);
  });
});
