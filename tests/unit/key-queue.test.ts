import { expect, it } from "vitest";
import { keyQueue, type Outcome } from "../../components/vault/keyQueue";
import type { SecretMetadata } from "../../lib/vault/types";

const secret = (key: string, updated_at: string) => ({ key, updated_at }) as SecretMetadata;
const asItIs = (outcome: Outcome) => outcome;

/** A change that waits until it is answered. */
function change() {
  const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
  const given: Outcome[][] = [];
  const send = (previous: Outcome[]) => {
    given.push(previous);
    return promise;
  };
  return { send, given, resolve, reject };
}

const turns = () => new Promise((resolve) => setTimeout(resolve));

it("sends a change when the one before it has its answer, and gives it what that has left", async () => {
  const queue = keyQueue();
  const [first, second] = [change(), change()];
  const both = [queue.run(["A"], first.send, asItIs), queue.run(["A"], second.send, asItIs)];
  await turns();
  expect([first.given, second.given]).toEqual([[[undefined]], []]);
  expect(queue.isBusy("A")).toBe(true);
  first.resolve(null);
  await both[0];
  await turns();
  expect(second.given).toEqual([[null]]);
  expect(queue.isBusy("A")).toBe(true);
  second.resolve(secret("A", "2"));
  expect(await both[1]).toEqual(secret("A", "2"));
  expect(queue.isBusy("A")).toBe(false);
});

it("is free by the time that the answer is known", async () => {
  const queue = keyQueue();
  const only = change();
  const run = queue.run(["A"], only.send, asItIs).then(() => queue.isBusy("A"));
  only.resolve(null);
  expect(await run).toBe(false);
});

it("knows nothing of what a refused change has left, and goes on", async () => {
  const queue = keyQueue();
  const [first, second] = [change(), change()];
  const refused = queue.run(["A"], first.send, asItIs);
  const next = queue.run(["A"], second.send, asItIs);
  first.reject(new Error("refused"));
  await expect(refused).rejects.toThrow("refused");
  second.resolve(null);
  await next;
  expect(second.given).toEqual([[undefined]]);
});

it("has keys wait for their own changes only, and a change of several for all of them", async () => {
  const queue = keyQueue();
  const [a, b, both, afterwards] = [change(), change(), change(), change()];
  const runs = [
    queue.run(["A"], a.send, asItIs),
    queue.run(["B"], b.send, asItIs),
    queue.run(["A", "B", "C"], both.send, (_, key) => (key === "B" ? secret("B", "3") : null)),
    queue.run(["B"], afterwards.send, asItIs),
  ];
  await turns();
  expect([a.given, b.given, both.given].map(({ length }) => length)).toEqual([1, 1, 0]);
  a.resolve(secret("A", "1"));
  await turns();
  expect(both.given).toEqual([]);
  b.resolve(null);
  await turns();
  expect(both.given).toEqual([[secret("A", "1"), null, undefined]]);
  both.resolve(undefined);
  await turns();
  expect(afterwards.given).toEqual([[secret("B", "3")]]);
  afterwards.resolve(null);
  await Promise.all(runs);
  expect(["A", "B", "C"].some(queue.isBusy)).toBe(false);
});
