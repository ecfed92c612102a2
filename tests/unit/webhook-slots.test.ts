import { beforeEach, describe, expect, it, vi } from "vitest";

let inSlot: typeof import("../../lib/webhooks/slots.ts")["inSlot"];
let underWay: string[];
let ends: (() => void)[];

beforeEach(async () => {
  vi.resetModules();
  ({ inSlot } = await import("../../lib/webhooks/slots.ts"));
  underWay = [];
  ends = [];
});

/** Begins something that lasts until it is ended. */
const begin = (owner: string) =>
  inSlot(owner, () => {
    underWay.push(owner);
    return new Promise<void>((resolve) => ends.push(resolve));
  });
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
const endAll = async () => {
  for (let waited = 0; waited < 200 && ends.length > 0; waited += 1) {
    for (const end of ends.splice(0)) end();
    await settled();
  }
};

describe("attempts under way at once", () => {
  it("are five of one owner, and the next begins when one ends", async () => {
    const all = Promise.all(Array.from({ length: 7 }, () => begin("a")));
    await settled();
    expect(underWay).toHaveLength(5);
    ends.shift()?.();
    await settled();
    expect(underWay).toHaveLength(6);
    await endAll();
    await all;
    expect(underWay).toHaveLength(7);
  });

  it("are thirty of all, and one owner's do not keep out another's", async () => {
    const all = Promise.all(
      "abcdefgh".split("").flatMap((owner) => Array.from({ length: 6 }, () => begin(owner))),
    );
    await settled();
    expect(underWay).toHaveLength(30);
    expect(Map.groupBy(underWay, (owner) => owner).size).toBe(6);
    await endAll();
    await all;
    expect(underWay).toHaveLength(48);
  });

  it("are refused while a hundred of the owner's wait, and only theirs", async () => {
    const all = Promise.all(Array.from({ length: 105 }, () => begin("a")));
    await expect(begin("a")).rejects.toMatchObject({ code: "webhooks_unavailable" });
    const other = begin("b");
    await settled();
    expect(underWay.filter((owner) => owner === "b")).toHaveLength(1);
    await endAll();
    await Promise.all([all, other]);
    const again = begin("a");
    await settled();
    await endAll();
    await again;
    expect(underWay).toHaveLength(107);
  });

  it("leave their slot when they fail", async () => {
    const failing = Array.from({ length: 40 }, () => inSlot("a", () => Promise.reject(new Error("no"))));
    const results = await Promise.allSettled(failing);
    expect(results.every(({ status }) => status === "rejected")).toBe(true);
    const one = begin("a");
    await settled();
    expect(underWay).toEqual(["a"]);
    await endAll();
    await one;
  });
});
