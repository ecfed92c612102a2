import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CALLS } from "@/lib/reveal/model";
import type { RunKind } from "@/lib/reveal/types";
import type { SecretSource } from "@/lib/vault/types";
import { Meter } from "@/lib/vault-usage/meter";
import { endingOf, receiptOf } from "@/lib/vault-usage/receipt";

const MODEL = "claude-sonnet-5-5";
const KEY = "sk-test-meter";
/** 400 bytes: about 100 tokens. */
const TEXT = "word".repeat(100);

function sentMeter(source: SecretSource = "user", text = TEXT) {
  const meter = new Meter({ ...CALLS.run, model: MODEL, text, source });
  meter.hide(KEY);
  meter.isSent = true;
  return meter;
}

describe("a call that was counted", () => {
  it("has the provider's numbers, whatever we would have estimated", () => {
    const meter = sentMeter();
    meter.begin({ model: MODEL, usage: { input_tokens: 57, output_tokens: 1 }, stop_reason: null });
    meter.write("x".repeat(1_000));
    meter.total({ output_tokens: 123 }, "end_turn");
    expect(meter.read()).toMatchObject({
      model: MODEL,
      input_tokens: 57,
      output_tokens: 123,
      is_counted: true,
      cost_exact: true,
      stop_reason: "end_turn",
    });
  });

  it("takes the last totals, and none that takes something away", () => {
    const meter = sentMeter();
    meter.begin({ usage: { input_tokens: 20, output_tokens: 1 } });
    meter.total({ output_tokens: 40, input_tokens: 60 }, "end_turn");
    meter.total({ output_tokens: 3, input_tokens: null }, null);
    expect(meter.read()).toMatchObject({ input_tokens: 60, output_tokens: 40, is_counted: true });
  });

  it("takes final counts that are lower than the first ones, which were an estimate", () => {
    const meter = sentMeter();
    meter.begin({ usage: { input_tokens: 120 } });
    meter.total({ input_tokens: 90, output_tokens: 5 }, "end_turn");
    expect(meter.read().input_tokens).toBe(90);
  });

  it("keeps counts that a placeholder follows", () => {
    const first = sentMeter();
    first.begin({ usage: { input_tokens: 90 } });
    first.total({ input_tokens: 1, output_tokens: 9 }, "end_turn");
    expect(first.read()).toMatchObject({ input_tokens: 90, output_tokens: 9, is_counted: true });
    const meter = sentMeter();
    meter.begin({ usage: { input_tokens: 20, cache_read_input_tokens: 80 } });
    meter.total({ input_tokens: 1, cache_read_input_tokens: 0, output_tokens: 9 }, "end_turn");
    expect(meter.read()).toMatchObject({ cache_read_input_tokens: 80, is_counted: true });
  });

  it("may have written nothing", () => {
    const meter = sentMeter();
    meter.begin({ usage: { input_tokens: 100 } });
    meter.total({ output_tokens: 0 }, "refusal");
    expect(meter.read()).toMatchObject({ output_tokens: 0, is_counted: true, stop_reason: "refusal" });
  });

  it("has what the provider says beside the counts, first and last", () => {
    const meter = sentMeter();
    meter.begin({ usage: { input_tokens: 100, service_tier: "priority", speed: "fast" } });
    const output_tokens_details = { thinking_tokens: 7 };
    meter.total({ output_tokens: 9, speed: "slow", output_tokens_details }, "end_turn");
    expect(meter.read().details).toEqual({ service_tier: "priority", speed: "other", thinking_tokens: 7 });
  });

  it("is priced exactly only where each part of it has a price", () => {
    for (const beginning of [{ model: "another-model" }, { usage: { service_tier: "priority" } }]) {
      const meter = sentMeter();
      meter.begin(beginning);
      meter.total({ input_tokens: 100, output_tokens: 9 }, "end_turn");
      expect(meter.read()).toMatchObject({ is_counted: true, cost_exact: false });
    }
  });
});

describe("a call that was not counted", () => {
  const totals: [string, unknown, unknown][] = [
    ["no total", undefined, "end_turn"],
    ["a total of nothing for a text that came", { input_tokens: 100, output_tokens: 0 }, "end_turn"],
    ["a total that no tokenizer gives", { input_tokens: 100, output_tokens: 1 }, "end_turn"],
    ["no reason of its end", { input_tokens: 100, output_tokens: 100 }, null],
    ["a prompt of one token", { input_tokens: 1, output_tokens: 400 }, "end_turn"],
    ["a prompt whose count was a placeholder", { input_tokens: 6 }, null],
  ];
  it.each(totals)("for %s has at least the estimate", (_, usage, reason) => {
    const meter = sentMeter();
    meter.begin({ usage: { input_tokens: 0, output_tokens: 1 } });
    meter.write("x".repeat(1_000));
    meter.total(usage, reason);
    const reading = meter.read();
    expect(reading).toMatchObject({ input_tokens: 100, is_counted: false, cost_exact: false });
    expect(reading.output_tokens).toBeGreaterThanOrEqual(400);
  });

  it.each([
    ["no total", 50, undefined],
    ["a total of nothing", 50, { output_tokens: 0 }],
    ["no total, though nothing came", 0, undefined],
  ])("for %s does not take the count of its beginning for one", (_, bytes, usage) => {
    const meter = sentMeter();
    meter.begin({ usage: { input_tokens: 100, output_tokens: 1 } });
    meter.write("x".repeat(bytes));
    meter.total(usage, "end_turn");
    expect(meter.read()).toMatchObject({ is_counted: false, output_tokens: Math.max(1, bytes / 2.5) });
  });

  it("keeps what is known of one side", () => {
    const sent = sentMeter();
    sent.begin({ usage: { input_tokens: 60, output_tokens: 1 } });
    sent.write("x".repeat(1_000));
    expect(sent.read()).toMatchObject({ input_tokens: 60, output_tokens: 400, is_counted: false });
    const written = sentMeter();
    written.begin({});
    written.write("x".repeat(1_000));
    written.total({ output_tokens: 250 }, "end_turn");
    expect(written.read()).toMatchObject({ input_tokens: 100, output_tokens: 250, is_counted: false });
  });

  it("has a reason that came first only once it is over", () => {
    const meter = sentMeter();
    meter.begin({ stop_reason: "end_turn", usage: { input_tokens: 60 } });
    expect(meter.stopReason).toBeNull();
    meter.end();
    expect(meter.stopReason).toBe("end_turn");
    const other = sentMeter();
    other.begin({ stop_reason: "end_turn" });
    other.total({}, "max_tokens");
    other.end();
    expect(other.stopReason).toBe("max_tokens");
  });

  it("counts what was said last before the end, even without a reason", () => {
    const meter = sentMeter();
    meter.begin({ usage: { input_tokens: 60 } });
    meter.total({ output_tokens: 12 }, null);
    expect(meter.stopReason).toBeNull();
    meter.end();
    expect(meter.read()).toMatchObject({ input_tokens: 60, output_tokens: 12, is_counted: true });
  });

  it("fills up to the estimate beside what came from the cache", () => {
    const meter = sentMeter();
    meter.begin({ usage: { input_tokens: 1, cache_read_input_tokens: 4 } });
    expect(meter.read()).toMatchObject({ input_tokens: 96, cache_read_input_tokens: 4 });
  });

  it("used nothing where nothing was sent", () => {
    const meter = new Meter({ ...CALLS.run, model: MODEL, text: TEXT, source: "env" });
    expect(meter.read()).toMatchObject({ input_tokens: 0, output_tokens: 0, cost_usd: 0 });
  });

  it("counts what is not for the reader as well, by its bytes", () => {
    const meter = sentMeter();
    meter.begin({});
    meter.write("é".repeat(50));
    expect(meter.read().output_tokens).toBe(40);
  });
});

describe("the time of a call on the platform's key", () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ["performance"] }));
  afterEach(() => vi.useRealTimers());

  const after10s = (source: SecretSource, reserved?: number) => {
    const meter = sentMeter(source);
    if (reserved !== undefined) meter.reserve(reserved);
    vi.advanceTimersByTime(10_000);
    return meter.read().output_tokens;
  };

  it("counts, since a model may think unseen, and a gateway may show nothing before the end", () => {
    expect(after10s("env")).toBe(3_000);
    expect(after10s("user")).toBe(0);
    expect(after10s("team")).toBe(0);
  });

  it("counts on a team's key that has a budget", () => {
    expect(after10s("team", 0.1)).toBe(3_000);
  });

  it("does not count where the answer was an error", () => {
    const meter = sentMeter("env");
    vi.advanceTimersByTime(10_000);
    meter.isSent = false;
    expect(meter.read()).toMatchObject({ input_tokens: 0, output_tokens: 0 });
  });

  it("counts up to the longest answer only", () => {
    vi.advanceTimersByTime(60_000);
    const meter = sentMeter("env");
    vi.advanceTimersByTime(280_000);
    expect(meter.read().output_tokens).toBe(8_192);
    expect(meter.duration).toBe(280_000);
  });
});

describe("a call that counts towards a limit", () => {
  const answeredBy = (model: string, reserved?: number) => {
    const meter = sentMeter("env");
    if (reserved !== undefined) meter.reserve(reserved);
    meter.begin({ model, usage: { input_tokens: 100 } });
    meter.total({ output_tokens: 10 }, "end_turn");
    return meter.read();
  };

  it("costs what was reserved, where another model answered whose price is not known", () => {
    expect(answeredBy("some-other-model", 0.25)).toMatchObject({ cost_usd: 0.25, cost_exact: false });
    expect(answeredBy("some-other-model")).toMatchObject({ cost_usd: null });
    expect(answeredBy("claude-sonnet-5-5", 0.25).cost_usd).toBeLessThan(0.25);
  });
});

describe("a prompt that nobody counted, at others' expense", () => {
  const brokenOff = (kind: RunKind, source: SecretSource, text: string, reserved?: number) => {
    const meter = new Meter({ ...CALLS[kind], model: MODEL, text, source });
    if (reserved !== undefined) meter.reserve(reserved);
    meter.isSent = true;
    return meter;
  };

  it.each(["env", "team"] as const)("counts with all that it may have of tokens (%s)", (source) => {
    // A dense text has more than a token for four bytes, and an analysis has instructions.
    expect(brokenOff("run", source, "🧿".repeat(1_000), 1).read().input_tokens).toBe(4_100);
    expect(brokenOff("analyze", source, "x", 1).read().input_tokens).toBe(5_001);
    const placeholder = brokenOff("run", source, "🧿".repeat(1_000), 1);
    placeholder.begin({ usage: { input_tokens: 1, output_tokens: 1 } });
    expect(placeholder.read()).toMatchObject({ input_tokens: 4_100, is_counted: false });
  });

  it("is an estimate on a key that has no limit", () => {
    expect(brokenOff("run", "user", "🧿".repeat(1_000)).read().input_tokens).toBe(1_000);
    expect(brokenOff("run", "team", "🧿".repeat(1_000)).read().input_tokens).toBe(1_000);
  });
});

describe("a count beyond all reason", () => {
  it("is none, on either side", () => {
    const meter = sentMeter();
    meter.begin({ usage: { input_tokens: 50_401 } });
    meter.write("x".repeat(100));
    meter.total({ input_tokens: 9_999_999, output_tokens: 16_385 }, "end_turn");
    expect(meter.read()).toMatchObject({ input_tokens: 100, output_tokens: 40, is_counted: false });
  });

  it("is not what a gateway adds to a prompt, or allows", () => {
    const meter = sentMeter();
    meter.begin({ usage: { input_tokens: 50_000, cache_read_input_tokens: 400 } });
    meter.total({ output_tokens: 16_384 }, "end_turn");
    expect(meter.read()).toMatchObject({ input_tokens: 50_000, output_tokens: 16_384, is_counted: true });
  });

  it("takes nothing from what is known", () => {
    const meter = sentMeter();
    meter.begin({ usage: { input_tokens: 90 } });
    meter.total({ input_tokens: 9_000_000, output_tokens: 7 }, "end_turn");
    expect(meter.read()).toMatchObject({ input_tokens: 90, output_tokens: 7, is_counted: true });
  });
});

describe("what a meter reads", () => {
  it("is final, so that a receipt and the ledger say the same", () => {
    const meter = sentMeter();
    meter.begin({});
    const first = meter.read();
    meter.write("later");
    meter.total({ output_tokens: 99 }, "end_turn");
    expect(meter.read()).toBe(first);
  });

  it("keeps the model that was asked for where the answer's is of no use", () => {
    const meter = sentMeter();
    for (const model of [null, "", 5, {}, "m".repeat(201), "a b", "a\u0000", "é", KEY, `x${KEY}`, "\ud800"]) {
      meter.begin({ model });
      expect(meter.model).toBe(MODEL);
    }
    meter.begin({ model: "m".repeat(200) });
    expect(meter.model).toBe("m".repeat(200));
    expect(meter.read()).toMatchObject({ model: "m".repeat(200), cost_usd: null, cost_exact: false });
  });

  it("survives every beginning and every total", () => {
    for (const odd of [
      undefined,
      null,
      0,
      "",
      "text",
      [],
      {},
      { usage: [] },
      { usage: { input_tokens: {} } },
    ]) {
      const meter = sentMeter();
      meter.begin(odd);
      meter.total(odd, odd);
      expect(meter.read()).toMatchObject({ model: MODEL, input_tokens: 100, is_counted: false });
    }
  });
});

describe("a receipt", () => {
  it("says what the meter read, and how the answer ended", () => {
    const meter = sentMeter("team");
    meter.begin({ usage: { input_tokens: 60, cache_read_input_tokens: 40, speed: "fast" } });
    meter.total({ output_tokens: 9 }, "max_tokens");
    const { cost_usd } = meter.read();
    expect(receiptOf(meter)).toEqual({
      status: "provider_cut_off",
      duration_ms: expect.any(Number),
      stop_reason: "max_tokens",
      usage: {
        input_tokens: 60,
        output_tokens: 9,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 40,
      },
      source: "team",
      model: MODEL,
      cost_usd,
      is_counted: true,
      cost_exact: false,
    });
  });

  it("is of a completed answer where nothing was lost", () => {
    const meter = sentMeter();
    meter.total({ input_tokens: 100, output_tokens: 9 }, "end_turn");
    expect(receiptOf(meter).status).toBe("completed");
  });
});

describe("endings", () => {
  it.each([
    ["end_turn", "completed"],
    ["stop_sequence", "completed"],
    ["max_tokens", "provider_cut_off"],
    ["model_context_window_exceeded", "provider_cut_off"],
    ["refusal", "provider_declined"],
    ["pause_turn", "provider_incomplete"],
    ["tool_use", "provider_incomplete"],
    ["other", "provider_incomplete"],
    [null, "provider_incomplete"],
  ] as const)("of %s is %s", (stopReason, ending) => {
    expect(endingOf({ stopReason, isComplete: false, isDamaged: false })).toBe(ending);
  });

  it("are completions for a caller who takes the answer as whole, where nothing else is said, or a tool is called", () => {
    const of = (stopReason: "tool_use" | "pause_turn" | "max_tokens" | null) =>
      endingOf({ stopReason, isComplete: true, isDamaged: false });
    expect([of(null), of("tool_use")]).toEqual(["completed", "completed"]);
    expect([of("pause_turn"), of("max_tokens")]).toEqual(["provider_incomplete", "provider_cut_off"]);
  });

  it("is no completion where a piece was lost", () => {
    expect(endingOf({ stopReason: "end_turn", isComplete: false, isDamaged: true })).toBe(
      "provider_incomplete",
    );
    expect(endingOf({ stopReason: "refusal", isComplete: true, isDamaged: true })).toBe("provider_declined");
  });
});
