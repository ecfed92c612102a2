import { beforeEach, describe, expect, it, vi } from "vitest";

let inSlot: typeof import("../../lib/webhooks/slots.ts")["inSlot"];
/** Of each attempt that has begun: whose it is, and what ends it. */
let underWay: { owner: string; person: string; end: () => void }[];

beforeEach(async () => {
  vi.resetModules();
  ({ inSlot } = await import("../../lib/webhooks/slots.ts"));
  underWay = [];
});

/** An attempt of a receiver that answers when the test says so. */
const begin = (owner: string, person = owner) =>
  inSlot({ ownerId: owner, personId: person }, () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    underWay.push({ owner, person, end: resolve });
    return promise;
  });
const beginMany = (count: number, owner: string, person = owner) =>
  Promise.all(Array.from({ length: count }, () => begin(owner, person)));
/** Lets everything that can go on go on. No clock is involved: only promises are waited for. */
const settled = () => new Promise((resolve) => setImmediate(resolve));
const countOf = (person: string) => underWay.filter((attempt) => attempt.person === person).length;
/** Ends the oldest attempt that is under way, of this person or of anybody. */
async function endOne(person?: string): Promise<void> {
  const index = underWay.findIndex((attempt) => person === undefined || attempt.person === person);
  underWay.splice(index, 1)[0]?.end();
  await settled();
}
async function endAll(): Promise<number> {
  let ended = 0;
  for (; underWay.length > 0; ended += 1) await endOne();
  return ended;
}

describe("attempts under way at once", () => {
  it("are five of one owner, and the next begins when one ends", async () => {
    const all = beginMany(7, "a");
    await settled();
    expect(underWay).toHaveLength(5);
    await endOne();
    expect(underWay).toHaveLength(5);
    expect(await endAll()).toBe(6);
    await all;
  });

  it("of twelve teams of one person, whose receivers never answer, leave room for anybody else at once", async () => {
    const teams = Array.from({ length: 12 }, (_, index) => `team ${index}`);
    const all = Promise.all(teams.map((team) => beginMany(6, team, "ada")));
    await settled();
    expect(countOf("ada")).toBe(10);
    const others = Promise.all(["bea", "cyd"].map((person) => begin(person)));
    await settled();
    expect([countOf("bea"), countOf("cyd")]).toEqual([1, 1]);
    expect(await endAll()).toBe(74);
    await Promise.all([all, others]);
  });

  it("of one slow team leave slots for the same person's other teams, and for that team's other people", async () => {
    const all = [beginMany(9, "slow", "ada"), begin("quick", "ada"), begin("own", "bea")];
    await settled();
    expect(underWay.filter(({ owner }) => owner === "slow")).toHaveLength(5);
    expect(underWay.map(({ owner }) => owner)).toEqual(expect.arrayContaining(["quick", "own"]));
    await endAll();
    await Promise.all(all);
  });

  it("are sixty of all, and a slot that is free goes to the person who has the fewest", async () => {
    const people = ["a", "b", "c", "d", "e", "f"];
    const all = people.map((person) =>
      Promise.all(["1", "2", "3"].map((team) => beginMany(5, person + team, person))),
    );
    await settled();
    expect(underWay).toHaveLength(60);
    expect(people.map(countOf)).toEqual([10, 10, 10, 10, 10, 10]);
    // Theirs have waited for longer than the newcomers'.
    const newcomers = [beginMany(2, "g"), begin("h")];
    await settled();
    expect(underWay).toHaveLength(60);
    await endOne("a");
    expect([countOf("a"), countOf("g"), countOf("h")]).toEqual([9, 1, 0]);
    await endOne("b");
    expect([countOf("b"), countOf("g"), countOf("h")]).toEqual([9, 1, 1]);
    await endOne("c");
    expect([countOf("c"), countOf("g"), countOf("h")]).toEqual([9, 2, 1]);
    expect(await endAll()).toBe(90);
    await Promise.all([...all, ...newcomers]);
  });

  it("are refused while a hundred of the owner's wait, and only theirs", async () => {
    const all = beginMany(105, "a", "ada");
    await expect(begin("a", "bea")).rejects.toMatchObject({ code: "webhooks_unavailable" });
    const other = begin("b", "ada");
    await settled();
    expect(underWay.filter(({ owner }) => owner === "b")).toHaveLength(1);
    expect(await endAll()).toBe(106);
    await Promise.all([all, other]);
    const again = begin("a", "ada");
    await settled();
    await endAll();
    await again;
  });

  it("leave their slot when they fail, also before they begin to wait for anything", async () => {
    const who = { ownerId: "a", personId: "ada" };
    const failing = Array.from({ length: 40 }, (_, index) =>
      inSlot(who, () => {
        if (index % 2 === 0) throw new Error("no");
        return Promise.reject(new Error("no"));
      }),
    );
    const results = await Promise.allSettled(failing);
    expect(results.every(({ status }) => status === "rejected")).toBe(true);
    const all = beginMany(6, "a", "ada");
    await settled();
    expect(underWay).toHaveLength(5);
    await endAll();
    await all;
  });
});
