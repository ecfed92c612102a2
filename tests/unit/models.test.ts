import { afterEach, describe, expect, it, vi } from "vitest";

/** The choice of models, with this environment. */
async function choice(ANTHROPIC_MODEL?: string, ANTHROPIC_MODELS?: string) {
  vi.resetModules();
  vi.stubEnv("NEXT_PUBLIC_SUPABASE_URL", "http://127.0.0.1:1");
  vi.stubEnv("NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY", "sb_publishable_test");
  vi.stubEnv("SUPABASE_SECRET_KEY", "sb_secret_test");
  vi.stubEnv("ANTHROPIC_MODEL", ANTHROPIC_MODEL);
  vi.stubEnv("ANTHROPIC_MODELS", ANTHROPIC_MODELS);
  return { ...(await import("../../lib/ledger/models.ts")), ...(await import("../../lib/reveal/model.ts")) };
}

afterEach(() => vi.unstubAllEnvs());

describe("the models that people choose among", () => {
  it.each<[string | undefined, string | undefined, string[]]>([
    [undefined, undefined, ["claude-sonnet-5-5"]],
    ["house-model", undefined, ["house-model"]],
    [undefined, "one,two", ["one", "two"]],
    ["two", "one,two,three,one", ["two", "one", "three"]],
  ])("with ANTHROPIC_MODEL %s and ANTHROPIC_MODELS %s are %j", async (model, models, expected) => {
    const { allowedModels, chooseModel } = await choice(model, models);
    expect(allowedModels()).toEqual(expected);
    expect(chooseModel(undefined)).toBe(expected[0]);
    for (const each of expected) expect(chooseModel(each)).toBe(each);
    for (const other of ["", "claude-opus-5-5", "constructor", "ONE", `${expected[0]} `])
      expect(() => chooseModel(other)).toThrow(expect.objectContaining({ code: "invalid_request" }));
  });

  it("come with the list price of a token, where it is known", async () => {
    const { revealModels } = await choice("house-model", "claude-haiku-4-5");
    expect(revealModels()).toEqual([
      { id: "house-model", price: null },
      { id: "claude-haiku-4-5", price: { input: 1e-6, output: 5e-6 } },
    ]);
  });
});
