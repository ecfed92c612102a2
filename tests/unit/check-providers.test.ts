import { describe, expect, it } from "vitest";
import { CATALOG } from "../../lib/vault/catalog.ts";
import { isCheckable } from "../../lib/vault/check/checkable.ts";
import { EMAIL } from "../../lib/vault/check/providers/email.ts";
import { GENERAL } from "../../lib/vault/check/providers/general.ts";
import { HOSTING } from "../../lib/vault/check/providers/hosting.ts";
import { INFRASTRUCTURE } from "../../lib/vault/check/providers/infrastructure.ts";
import { LLM } from "../../lib/vault/check/providers/llm.ts";
import { PROVIDERS } from "../../lib/vault/check/providers.ts";

describe("the list of providers", () => {
  it("is the one that the page knows, and every key is a catalogued one", () => {
    const keys = PROVIDERS.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(
      CATALOG.map(({ key }) => key)
        .filter(isCheckable)
        .sort(),
    ).toEqual(keys.toSorted());
    expect(keys.filter((key) => !isCheckable(key))).toEqual([]);
    expect(isCheckable("MY_KEY")).toBe(false);
  });

  it("calls them as the catalogue does", () => {
    for (const { key, name } of PROVIDERS) {
      expect(name).not.toBe("");
      expect(CATALOG.find((entry) => entry.key === key)?.label.replace(",", "")).toContain(name);
    }
  });

  it.each(
    Object.entries({ LLM, Infrastructure: INFRASTRUCTURE, Hosting: HOSTING, Email: EMAIL, General: GENERAL }),
  )("has those of the category %s in a file of their own", (category, providers) => {
    const keys = CATALOG.filter((entry) => entry.category === category).map(({ key }) => key);
    expect(providers.map(({ key }) => key).filter((key) => !keys.includes(key))).toEqual([]);
  });

  it("has only keys that are one line of printable ASCII", () => {
    for (const { key } of PROVIDERS)
      expect(CATALOG.find((entry) => entry.key === key)?.isToken, key).toBe(true);
  });
});
