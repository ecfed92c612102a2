import fc from "fast-check";
import { afterAll, describe, expect, it, vi } from "vitest";
import { startAnthropicStandIn } from "../support/anthropic-standin.ts";

// A run is entered with the most that it may cost. Here is that it cannot cost more.

vi.stubEnv("NEXT_PUBLIC_SUPABASE_URL", "http://127.0.0.1:1");
vi.stubEnv("NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY", "sb_publishable_test");
vi.stubEnv("SUPABASE_SECRET_KEY", "sb_secret_test");

const provider = await startAnthropicStandIn();
vi.stubEnv("ANTHROPIC_BASE_URL", provider.url);
afterAll(() => provider.close());

const { Meter } = await import("../../lib/vault-usage/meter.ts");
const { CALLS } = await import("../../lib/reveal/model.ts");
const { NO_USAGE } = await import("../../lib/vault-usage/types.ts");
const { costOf } = await import("../../lib/vault-usage/prices.ts");

const MODELS = [
  "claude-sonnet-5-5",
  "claude-haiku-5-5",
  "claude-haiku-4-5",
  "claude-opus-5-5",
  "claude-fable-5-2",
];
const KINDS = ["run", "analyze"] as const;
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.string({ maxLength: 400 }),
  // A long prompt of Haiku has another price.
  fc.integer({ min: 1, max: 130_000 }).map((length) => "a".repeat(length)),
);

describe("the most that a run may cost", () => {
  it("is more than any answer costs, however many tokens its text has and wherever it runs", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...MODELS),
        fc.constantFrom(...KINDS),
        text,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom(undefined, "global", "us"),
        (model, kind, text, sent, written, inference_geo) => {
          const meter = new Meter({ ...CALLS[kind], model, text, source: "env" });
          const usage = {
            ...NO_USAGE,
            // No token is shorter than a byte.
            input_tokens: Math.floor(sent * (Buffer.byteLength(text) + 90)),
            output_tokens: Math.floor(written * meter.maxOutput),
          };
          expect(costOf(model, usage, { inference_geo })?.usd).toBeLessThanOrEqual(meter.mostCost ?? -1);
        },
      ),
    );
  });

  it("is not less than what counts for an answer that broke off and that nobody counted", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...MODELS),
        fc.constantFrom(...KINDS),
        text,
        fc.nat(100_000),
        (model, kind, text, written) => {
          const meter = new Meter({ ...CALLS[kind], model, text, source: "env" });
          const most = meter.mostCost ?? -1;
          meter.reserve(most);
          meter.isSent = true;
          meter.begin({ model });
          meter.write("x".repeat(written));
          expect(meter.read().cost_usd).toBeLessThanOrEqual(most);
        },
      ),
    );
    const endless = new Meter({ ...CALLS.run, model: "claude-sonnet-5-5", text: "x", source: "env" });
    endless.isSent = true;
    endless.write("x".repeat(200_000));
    expect(endless.read().output_tokens).toBe(80_000);
  });

  it("is not known where nobody said what is sent, or how long the answer may be", () => {
    const model = "claude-sonnet-5-5";
    expect(new Meter({ ...CALLS.run, model, text: "" }).mostCost).toBeGreaterThan(0);
    expect(new Meter({ ...CALLS.run, model }).mostCost).toBeNull();
    expect(new Meter({ key: CALLS.run.key, model, text: "" }).mostCost).toBeNull();
  });

  it("is not known for a model without a price", () => {
    expect(new Meter({ ...CALLS.run, model: "another", text: "x", source: "env" }).mostCost).toBeNull();
  });

  it.each(KINDS)("has room for all that goes with a text (%s)", async (kind) => {
    const meter = new Meter({ ...CALLS[kind], model: MODELS[0] as string, text: "Why?", source: "env" });
    if (kind === "analyze")
      await (await import("../../lib/reveal/analyze.ts")).analyzeText("Why?", "sk-works", meter);
    else
      for await (const _ of await (await import("../../lib/reveal/run.ts")).startRun(
        "Why?",
        "sk-works",
        meter,
      ));
    const sent = JSON.stringify(provider.requests.at(-1)?.body);
    expect(sent.length).toBeGreaterThan(100);
    // The names of the parameters are in it as well, and are no tokens.
    expect(Buffer.byteLength(sent)).toBeLessThan(meter.mostSent + 60);
  });
});
