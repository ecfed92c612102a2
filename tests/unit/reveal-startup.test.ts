import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

// What the operator reads at the start where the limits in dollars let nobody use the platform's key.

const HOSTED = {
  NEXT_PUBLIC_SUPABASE_URL: "http://127.0.0.1:1",
  NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY: "sb_publishable_test",
  SUPABASE_SECRET_KEY: "sb_secret_test",
  ANTHROPIC_API_KEY: "sk-ant-test-platform",
};

beforeEach(() => vi.resetModules());
afterEach(() => vi.unstubAllEnvs());

async function said(changes: Record<string, string>): Promise<string | undefined> {
  for (const [name, value] of Object.entries({ ...HOSTED, ...changes })) vi.stubEnv(name, value);
  return (await import("../../lib/reveal/startup.ts")).explainUnusableKey();
}

describe("a limit in dollars", () => {
  it.each<Record<string, string>>([
    {},
    { PLATFORM_DAILY_USD: "0.10" },
    { PLATFORM_DAILY_USD: "0" },
    { PLATFORM_DAILY_USD: "none", ANTHROPIC_MODEL: "house-model" },
    { PLATFORM_DAILY_USD: "0.01", ANTHROPIC_API_KEY: "" },
  ])("that lets people use the key, or is none, needs no word (%j)", async (changes) => {
    expect(await said(changes)).toBeUndefined();
  });

  it("and a model whose price is not known", async () => {
    expect(await said({ ANTHROPIC_MODEL: "house-model" })).toBe(
      "The platform's key can't be used: the price of house-model isn't known, and PLATFORM_DAILY_USD sets a limit. Choose another ANTHROPIC_MODEL, or set PLATFORM_DAILY_USD=none.",
    );
  });

  it("that is less than one run may cost", async () => {
    expect(await said({ PLATFORM_MONTHLY_USD: "0.05" })).toBe(
      "The platform's key can't be used: a run on claude-sonnet-5-5 may cost $0.0903, and PLATFORM_MONTHLY_USD is $0.05.",
    );
  });
});
