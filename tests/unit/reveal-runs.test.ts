import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { forgetRuns, onForget } from "@/components/reveal/runs/forget";
import { newId } from "@/components/reveal/runs/id";
import { parseDraft, parseRun } from "@/components/reveal/runs/parse";
import { hasContent, MAX_KEPT, newest, type PageRun, STATES } from "@/components/reveal/runs/run";
import { openStore } from "@/components/reveal/runs/store";
import { SOURCES } from "@/lib/usage/types";
import { STOP_REASONS } from "@/lib/vault-usage/types";
import { ME, newRun } from "./reveal-run.ts";

const SOMEBODY = "1f5ea887-f9a2-4bf2-a35a-0f5ab5715421";
const TEAM = "2f5ea887-f9a2-4bf2-a35a-0f5ab5715422";

/** A browser's storage, with room for so many characters. */
class FakeStorage {
  room = Number.POSITIVE_INFINITY;
  readonly items = new Map<string, string>();
  get length() {
    return this.items.size;
  }
  key = (index: number) => [...this.items.keys()][index] ?? null;
  getItem = (name: string) => this.items.get(name) ?? null;
  removeItem = (name: string) => void this.items.delete(name);
  setItem(name: string, text: string) {
    const others = [...this.items].filter(([other]) => other !== name);
    const used = others.reduce((sum, [other, value]) => sum + other.length + value.length, 0);
    if (used + name.length + text.length > this.room) throw new DOMException("full", "QuotaExceededError");
    this.items.set(name, text);
  }
}

let session: FakeStorage;
let local: FakeStorage;
let page: EventTarget;
/** What another tab's change to the storage that they share is to this one. */
const hear = (key: string, newValue: string | null) =>
  page.dispatchEvent(Object.assign(new Event("storage"), { key, newValue, storageArea: local }));

beforeEach(() => {
  [session, local, page] = [new FakeStorage(), new FakeStorage(), new EventTarget()];
  vi.stubGlobal("window", Object.assign(page, { sessionStorage: session, localStorage: local }));
});
afterEach(() => vi.unstubAllGlobals());

const text = fc.string({ unit: "binary", maxLength: 40 });
const count = fc.nat();
const anyRun: fc.Arbitrary<PageRun> = fc.record({
  id: fc.uuid(),
  kind: fc.constantFrom("run", "analyze"),
  at: fc.nat(8_640_000_000_000_000),
  team: fc.option(text),
  text,
  model: fc.option(text),
  source: fc.option(fc.constantFrom(...SOURCES)),
  state: fc.constantFrom(...STATES),
  answer: text,
  analysis: fc.option(
    fc.record({
      result: fc.record({
        title: text,
        summary: text,
        findings: fc.array(fc.record({ title: text, explanation: text, quote: text }), { maxLength: 3 }),
        open_questions: fc.array(text, { maxLength: 3 }),
      }),
      dropped: count,
    }),
  ),
  receipt: fc.option(
    fc.record({
      model: text,
      source: fc.constantFrom(...SOURCES),
      status: text,
      stop_reason: fc.option(fc.constantFrom(...STOP_REASONS)),
      usage: fc.record({
        input_tokens: count,
        output_tokens: count,
        cache_creation_input_tokens: count,
        cache_read_input_tokens: count,
      }),
      is_counted: fc.boolean(),
      cost_usd: fc.option(fc.double({ min: 0, noDefaultInfinity: true, noNaN: true })),
      duration_ms: fc.option(count),
    }),
  ),
  is_free: fc.boolean(),
  failure: fc.option(text),
});

describe("what is read back from the storage", () => {
  it("is what was kept", () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        expect(parseRun(JSON.stringify(run))).toEqual(JSON.parse(JSON.stringify(run)));
      }),
    );
  });

  it("is nothing where any part of it is missing, of another kind, or one too many", () => {
    const odd = fc.oneof(fc.jsonValue(), fc.constantFrom(-1, 1.7e308, "__proto__", [], {}));
    fc.assert(
      fc.property(anyRun, fc.nat(), odd, (run, index, value) => {
        const names = Object.keys(run) as (keyof PageRun)[];
        const name = names[index % names.length] as keyof PageRun;
        const { [name]: _, ...rest } = run;
        expect(parseRun(JSON.stringify(rest))).toBeNull();
        expect(parseRun(JSON.stringify({ ...run, extra: value }))).toBeNull();
        const changed = parseRun(JSON.stringify({ ...run, [name]: value }));
        // Either it was a value that this part may have, or nothing is taken.
        if (changed) expect(changed).toEqual({ ...run, [name]: value });
      }),
    );
  });

  it("never throws, whatever it is", () => {
    const anything = fc.oneof(fc.string(), fc.json(), fc.constantFrom("null", "[]", '{"__proto__":{}}', "{"));
    fc.assert(
      fc.property(anything, (kept) => {
        expect(parseRun(kept)).toBeNull();
        expect(parseDraft(kept)).toBeNull();
      }),
    );
  });

  it("is nothing where a text is endless", () => {
    expect(parseRun(JSON.stringify(newRun({ answer: "a".repeat(1_000_001) })))).toBeNull();
    expect(parseRun(JSON.stringify(newRun({ at: Number.MAX_VALUE })))).toBeNull();
    expect(parseRun(JSON.stringify(newRun()).replace('"at":1000', '"at":1e999'))).toBeNull();
  });
});

describe("the runs to keep", () => {
  it("are the newest, at most ten, and answers rather than failures", () => {
    fc.assert(
      fc.property(fc.array(anyRun, { maxLength: 30 }), (runs) => {
        const kept = newest(runs);
        expect(kept).toHaveLength(Math.min(runs.length, MAX_KEPT));
        expect(kept).toEqual([...kept].sort((a, b) => b.at - a.at));
        const lost = runs.filter((run) => !kept.includes(run));
        const isEmpty = (run: PageRun) => !hasContent(run) && run.state !== "running";
        // As long as there is a failure to drop, no answer goes.
        if (lost.some((run) => !isEmpty(run))) expect(kept.filter(isEmpty)).toEqual([]);
      }),
    );
  });
});

describe("the store", () => {
  it("gives back what is kept in this tab, newest first, of this workspace only", () => {
    const store = openStore(ME, undefined);
    const [old, young] = [newRun({ at: 1 }), newRun({ at: 2 })];
    store.save(old);
    store.save(young);
    openStore(ME, TEAM).save(newRun());
    expect(openStore(ME, undefined).load()).toEqual([young, old]);
    expect(openStore(ME, TEAM).load()).toHaveLength(1);
    store.remove(young);
    expect(openStore(ME, undefined).load()).toEqual([old]);
    expect(local.length).toBe(0);
  });

  it("takes a run that was under way for broken off", () => {
    openStore(ME, undefined).save(newRun({ state: "running", answer: "Beca" }));
    expect(openStore(ME, undefined).load()).toMatchObject([{ state: "broken", answer: "Beca" }]);
  });

  it("removes at sight what is somebody else's, here and where it outlives tabs", () => {
    const store = openStore(ME, undefined);
    store.saveDraft("run", "A secret thought");
    store.setKept(true, [newRun()]);
    store.save(newRun());
    session.setItem("vault-draft", "not ours");
    openStore(SOMEBODY, undefined);
    expect([...session.items.keys()]).toEqual(["vault-draft"]);
    expect(local.length).toBe(0);
    // Whose id begins like another's is somebody else, too.
    openStore(ME, undefined).save(newRun());
    openStore(ME.slice(0, -1), undefined);
    expect(openStore(ME, undefined).load()).toEqual([]);
  });

  it("drops what cannot be read, and what is filed as another run", () => {
    const store = openStore(ME, undefined);
    const run = newRun();
    store.save(run);
    const [name = ""] = session.items.keys();
    for (const wrong of ["{", JSON.stringify({ ...run, at: 5 }), JSON.stringify({ ...run, id: ME }), ""]) {
      session.items.set(name, wrong);
      expect(store.load()).toEqual([]);
      expect(session.length).toBe(0);
    }
  });

  it("lets runs outlive the tab only where that is asked for, and not while they grow", () => {
    const store = openStore(ME, undefined);
    const [before, after] = [newRun({ at: 1 }), newRun({ at: 2 })];
    store.save(before);
    store.setKept(true, [before]);
    store.save({ ...after, state: "running" });
    session.items.clear();
    expect(openStore(ME, undefined).load()).toEqual([before]);
    store.save(after);
    session.items.clear();
    expect(openStore(ME, undefined).load()).toEqual([after, before]);
    store.setKept(false, [after, before]);
    expect(local.length).toBe(0);
    // In this tab they stay.
    expect(openStore(ME, undefined).load()).toEqual([after, before]);
  });

  it("keeps ten beyond the tab, and leaves nothing there that nobody asked to keep", () => {
    const store = openStore(ME, undefined);
    store.setKept(true, []);
    for (let at = 1; at <= 15; at += 1) store.save(newRun({ at }));
    session.items.clear();
    expect(store.load().map(({ at }) => at)).toEqual([15, 14, 13, 12, 11, 10, 9, 8, 7, 6]);
    for (const name of local.items.keys()) if (name.includes("keep")) local.items.delete(name);
    expect(store.load()).toEqual([]);
    expect(local.length).toBe(0);
  });

  it("makes room by dropping the oldest runs, of any workspace, and never throws", () => {
    const store = openStore(ME, undefined);
    openStore(ME, TEAM).save(newRun({ at: 1, answer: "a".repeat(1_000) }));
    store.save(newRun({ at: 2, answer: "a".repeat(1_000) }));
    session.room = 3_300;
    store.save(newRun({ at: 3, answer: "a".repeat(1_000) }));
    expect(openStore(ME, TEAM).load()).toEqual([]);
    expect(store.load().map(({ at }) => at)).toEqual([3, 2]);
    store.save(newRun({ at: 4, answer: "a".repeat(10_000) }));
    expect(store.load()).toEqual([]);
    session.room = 0;
    store.saveDraft("run", "Hello");
    store.save(newRun());
    expect(session.length).toBe(0);
  });

  it("does without a storage", () => {
    const refuse = () => {
      throw new DOMException("no", "SecurityError");
    };
    for (const name of ["sessionStorage", "localStorage"]) Object.defineProperty(page, name, { get: refuse });
    const store = openStore(ME, undefined);
    store.save(newRun());
    store.saveDraft("run", "Hello");
    store.setKept(true, []);
    forgetRuns();
    expect([store.load(), store.loadDraft("run"), store.isKept()]).toEqual([[], "", false]);
  });

  it("gives a draft back to its field only", () => {
    const store = openStore(ME, undefined);
    store.saveDraft("run", "A prompt");
    expect(["run", "analyze"].map((kind) => store.loadDraft(kind as "run"))).toEqual(["A prompt", ""]);
    expect(openStore(ME, TEAM).loadDraft("run")).toBe("");
    store.saveDraft("run", "");
    expect(session.length).toBe(0);
    store.saveDraft("run", "a".repeat(1_000_001));
    expect(session.length).toBe(0);
  });

  it("tells a deletion in another tab from the end of keeping", () => {
    const store = openStore(ME, undefined);
    const run = newRun();
    store.setKept(true, [run]);
    store.save(run);
    const [kept, removed] = [vi.fn(), vi.fn()];
    const end = store.watch(kept, removed);
    const name = [...session.items.keys()][0] ?? "";
    hear(name, null);
    expect(removed).toHaveBeenCalledExactlyOnceWith(run.id);
    expect(session.length).toBe(0);
    store.save(run);
    store.setKept(false, [run]);
    hear(name, null);
    expect(removed).toHaveBeenCalledOnce();
    expect(store.load()).toEqual([run]);
    hear(`reveal/keep/${ME}/own`, null);
    expect(kept).toHaveBeenCalledOnce();
    end();
    hear(`reveal/keep/${ME}/own`, null);
    expect(kept).toHaveBeenCalledOnce();
  });
});

describe("forgetting", () => {
  it("takes everything of ours from both storages, and tells this page", () => {
    const store = openStore(ME, undefined);
    store.setKept(true, [newRun()]);
    store.save(newRun());
    store.saveDraft("analyze", "A text");
    session.setItem("vault-draft", "not ours");
    const told = vi.fn();
    const end = onForget(told);
    forgetRuns();
    expect(told).toHaveBeenCalledOnce();
    expect([...session.items.keys()]).toEqual(["vault-draft"]);
    expect([...local.items.keys()]).toEqual(["reveal/forgotten"]);
    end();
    forgetRuns();
    expect(told).toHaveBeenCalledOnce();
  });

  it("reaches other tabs, those as well that were not listening", () => {
    const run = newRun({ at: Date.now() - 1 });
    openStore(ME, undefined).save(run);
    const told = vi.fn();
    onForget(told);
    hear("reveal/other", "1");
    hear("reveal/forgotten", null);
    expect(told).not.toHaveBeenCalled();
    hear("reveal/forgotten", "1");
    expect(told).toHaveBeenCalledOnce();
    expect(session.length).toBe(0);
    // This one heard nothing of it.
    openStore(ME, undefined).save(run);
    local.setItem("reveal/forgotten", String(Date.now()));
    expect(openStore(ME, undefined).load()).toEqual([]);
    expect(session.length).toBe(0);
  });

  it.each(["1e999", "-5", "x", String(Date.now() + 1e9)])("takes %s for never", (at) => {
    openStore(ME, undefined).save(newRun());
    local.setItem("reveal/forgotten", at);
    expect(openStore(ME, undefined).load()).toHaveLength(1);
  });
});

describe("an id", () => {
  const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
  it("is a random UUID, on pages over plain http too", () => {
    expect(newId()).toMatch(UUID);
    const { getRandomValues } = crypto;
    vi.stubGlobal("crypto", { getRandomValues: getRandomValues.bind(crypto) });
    const ids = Array.from({ length: 100 }, newId);
    for (const id of ids) expect(id).toMatch(UUID);
    expect(new Set(ids).size).toBe(100);
  });
});
