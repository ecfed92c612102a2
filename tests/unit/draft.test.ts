import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { keepDraft, takeDraft } from "../../components/vault/draft";
import { CATEGORIES } from "../../lib/vault/types";

const PLACE = "a-person";
const STORAGE_KEY = "vault-draft";
const kept = new Map<string, string>();
beforeEach(() => {
  kept.clear();
  vi.stubGlobal("sessionStorage", {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, text: string) => void kept.set(name, text),
    removeItem: (name: string) => void kept.delete(name),
  });
});

const added = { key: "MY_KEY", category: "Hosting", description: "half typed" } as const;
const edited = {
  ...added,
  edit: {
    updated_at: "2026-03-05T12:00:00.123456Z",
    last_rotated_at: "2026-03-04T12:00:00.000000Z",
    withValue: true,
  },
};

describe("a draft", () => {
  it.each([added, edited])("comes back as it was kept, once", (draft) => {
    keepDraft(PLACE, draft);
    expect(takeDraft(PLACE)).toEqual(draft);
    expect(takeDraft(PLACE)).toBeNull();
  });

  it("keeps nothing else, such as a value", () => {
    keepDraft(PLACE, { ...edited, value: "sk-test-not-real" } as typeof edited);
    expect([...kept.values()].join()).not.toContain("sk-test-not-real");
  });

  it("is nobody else's", () => {
    keepDraft(PLACE, added);
    expect(takeDraft("another-person")).toBeNull();
    expect(takeDraft(PLACE)).toBeNull();
  });

  it.each([
    ["no JSON", "{"],
    ["null", "null"],
    ["a text", '"text"'],
    ["no key", JSON.stringify({ place: PLACE, ...added, key: undefined })],
    ["a key that is no text", JSON.stringify({ place: PLACE, ...added, key: 7 })],
    ["no description", JSON.stringify({ place: PLACE, ...added, description: undefined })],
    ["a description that is no text", JSON.stringify({ place: PLACE, ...added, description: {} })],
    ["an unknown category", JSON.stringify({ place: PLACE, ...added, category: "Other" })],
    ["an edit of nothing", JSON.stringify({ place: PLACE, ...added, edit: null })],
    ["an edit that is a text", JSON.stringify({ place: PLACE, ...added, edit: "yes" })],
    ["an edit without a state", JSON.stringify({ place: PLACE, ...added, edit: { withValue: false } })],
    [
      "an edit of a state that is no time",
      JSON.stringify({ place: PLACE, ...added, edit: { ...edited.edit, updated_at: "now" } }),
    ],
    [
      "an edit that does not say what was entered",
      JSON.stringify({ place: PLACE, ...added, edit: { ...edited.edit, withValue: "true" } }),
    ],
  ])("that is %s is none", (_, text) => {
    kept.set(STORAGE_KEY, text);
    expect(takeDraft(PLACE)).toBeNull();
  });

  it("is complete or none, whatever is found", () => {
    const anyMember = fc.option(fc.jsonValue(), { nil: undefined });
    const near = fc.record({
      place: fc.constant(PLACE),
      key: fc.oneof(fc.string(), anyMember),
      category: fc.oneof(fc.constantFrom(...CATEGORIES), anyMember),
      description: fc.oneof(fc.string(), anyMember),
      edit: fc.oneof(
        anyMember,
        fc.record({
          updated_at: fc.oneof(fc.constant(edited.edit.updated_at), anyMember),
          last_rotated_at: fc.oneof(fc.constant(edited.edit.updated_at), anyMember),
          withValue: fc.oneof(fc.boolean(), anyMember),
        }),
      ),
    });
    fc.assert(
      fc.property(fc.oneof(near, fc.jsonValue()), (found) => {
        kept.set(STORAGE_KEY, JSON.stringify(found) ?? "");
        const draft = takeDraft(PLACE);
        if (draft === null) return;
        expect(typeof draft.key).toBe("string");
        expect(typeof draft.description).toBe("string");
        expect(CATEGORIES).toContain(draft.category);
        if (draft.edit === undefined) return;
        expect(Date.parse(draft.edit.updated_at)).not.toBeNaN();
        expect(Date.parse(draft.edit.last_rotated_at)).not.toBeNaN();
        expect(typeof draft.edit.withValue).toBe("boolean");
      }),
    );
  });
});
