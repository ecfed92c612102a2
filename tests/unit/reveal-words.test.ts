import { describe, expect, it } from "vitest";
import type { PageRun, RunReceipt } from "@/components/reveal/runs/run";
import {
  describeEmpty,
  describeEstimate,
  describeReceipt,
  describeRun,
  estimateTokens,
} from "@/components/reveal/words";

const NOTHING = {
  input_tokens: 0,
  output_tokens: 0,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
};
const RECEIPT: RunReceipt = {
  model: "claude-x",
  source: "user",
  status: "completed",
  stop_reason: "end_turn",
  usage: {
    input_tokens: 1_000,
    output_tokens: 456,
    cache_creation_input_tokens: 200,
    cache_read_input_tokens: 34,
  },
  is_counted: true,
  cost_usd: 0.0084,
  duration_ms: 3_210,
};
const RUN: PageRun = {
  id: "0f5ea887-f9a2-4bf2-a35a-0f5ab5715420",
  kind: "run",
  at: Date.UTC(2026, 10, 30),
  team: null,
  text: "Why?",
  model: "claude-x",
  source: "team",
  state: "done",
  answer: "Because.",
  analysis: null,
  receipt: RECEIPT,
  is_free: false,
  failure: null,
};

describe("a receipt", () => {
  it("has the model, whose key paid, every token that was sent, the price and the time", () => {
    expect(describeReceipt(RECEIPT)).toBe(
      "claude-x · Paid with your key · 1,234 tokens in, 456 out · about $0.0084 · 3.2 s",
    );
    expect(describeReceipt({ ...RECEIPT, source: "team", duration_ms: 125_000 })).toBe(
      "claude-x · Paid with the team's key · 1,234 tokens in, 456 out · about $0.0084 · 2 min 5 s",
    );
  });

  it("leaves out what is not known, and says of an estimate that it is one", () => {
    const unknown = { ...RECEIPT, cost_usd: null, duration_ms: null, is_counted: false };
    expect(describeReceipt(unknown)).toBe(
      "claude-x · Paid with your key · about 1,234 tokens in, about 456 out",
    );
  });

  it("does not say that somebody paid where nothing was used", () => {
    expect(describeReceipt({ ...RECEIPT, usage: NOTHING, cost_usd: 0 })).toBe(
      "claude-x · no tokens used · 3.2 s",
    );
  });
});

describe("what is said of a run", () => {
  const paid = describeReceipt(RECEIPT);
  it.each<[string, Partial<PageRun>, string]>([
    ["waits", { state: "running", source: null, answer: "", receipt: null }, "Waiting for the answer…"],
    [
      "waits for an analysis",
      { kind: "analyze", state: "running", source: null, receipt: null },
      "Reading the text. A long one takes a minute or two.",
    ],
    ["is being answered", { state: "running", receipt: null }, "Answering…"],
    ["is complete", {}, paid],
    [
      "was cut off",
      { receipt: { ...RECEIPT, status: "provider_cut_off", stop_reason: "max_tokens" } },
      `The answer reached the maximum length and ends here. ${paid}`,
    ],
    [
      "ended for no reason",
      { receipt: { ...RECEIPT, status: "provider_incomplete", stop_reason: null } },
      `The provider didn't confirm that the answer is complete. ${paid}`,
    ],
    [
      "was stopped, and the ledger has not said more yet",
      { state: "stopped", receipt: null },
      "Stopped. The part that was written is billed to the team's key.",
    ],
    [
      "was stopped before anything came",
      { state: "stopped", receipt: null, source: null },
      "Stopped. The part that was read may be billed.",
    ],
    ["was stopped", { state: "stopped", receipt: { ...RECEIPT, status: "cancelled" } }, `Stopped. ${paid}`],
    [
      "was stopped in time",
      { state: "stopped", receipt: null, is_free: true },
      "Stopped. It hadn't started, so it cost nothing.",
    ],
    ["broke off", { state: "broken", receipt: { ...RECEIPT, status: "unfinished" } }, `Interrupted. ${paid}`],
    ["failed", { state: "failed", receipt: null, failure: "Wait." }, "Wait."],
    ["failed and cost something", { state: "failed", failure: "Not usable." }, `Not usable. ${paid}`],
  ])("%s", (_, changes, said) => {
    expect(describeRun({ ...RUN, ...changes })).toBe(said);
  });
});

describe("what is said beside the reason why nothing came", () => {
  it("is what it cost, if it did", () => {
    const failed = { ...RUN, answer: "", state: "failed", failure: "Not usable." } as const;
    expect(describeEmpty(failed)).toBe(describeReceipt(RECEIPT));
    expect(describeEmpty({ ...failed, receipt: null })).toBe("");
    expect(describeEmpty({ ...failed, receipt: { ...RECEIPT, usage: NOTHING } })).toBe("");
    expect(describeEmpty({ ...failed, state: "stopped" })).toBe(`Stopped. ${describeReceipt(RECEIPT)}`);
  });
});

describe("the estimate", () => {
  it.each([
    ["", 0],
    ["a".repeat(7_999), 0],
    ["a".repeat(8_000), 2_000],
    ["a".repeat(20_936), 5_200],
    // Three bytes each.
    ["語".repeat(2_666), 0],
    ["語".repeat(2_667), 2_000],
    ["😀".repeat(2_000), 2_000],
  ])("is made of bytes, for long texts only (%#)", (text, tokens) => {
    expect(estimateTokens(text)).toBe(tokens);
  });

  it("names the price where that is known", () => {
    expect(describeEstimate(5_200, null)).toBe("About 5,200 tokens in.");
    expect(describeEstimate(5_200, 3e-6)).toBe("About 5,200 tokens in: about $0.02, plus the answer.");
    expect(describeEstimate(2_000, 1e-6)).toBe("About 2,000 tokens in: less than $0.01, plus the answer.");
    expect(describeEstimate(50_000, 25e-6)).toBe("About 50,000 tokens in: about $1.25, plus the answer.");
  });
});
