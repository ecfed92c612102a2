import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { analyzeText } from "@/lib/reveal/analyze";
import { CALLS } from "@/lib/reveal/model";
import { eventsOf, startRun } from "@/lib/reveal/run";
import type { Problem } from "@/lib/vault/http/problem";
import { Meter } from "@/lib/vault-usage/meter";
import type { StandIn } from "../support/anthropic-standin";
import { ENDING_SHAPES } from "../support/anthropic-standin/ending-shapes";
import { ERRORS } from "../support/anthropic-standin/errors";
import { TEXT_SHAPES } from "../support/anthropic-standin/text-shapes";
import { USAGE_SHAPES } from "../support/anthropic-standin/usage-shapes";
import { WIRE_SHAPES } from "../support/anthropic-standin/wire-shapes";
import { eventually } from "../support/eventually.ts";
import { startProvider } from "../support/provider";

// Every form of an answer that the stand-in knows, for a run and for an analysis.

const MODEL = "claude-sonnet-5-5";
const TEXT = "The bridge opened in 1931. It was closed for repair\nin 1987. Nobody knows who paid for it!";
/** Tokens of the stand-in's answer to it. */
const WRITTEN = 66;
/** How each of its texts begins. */
const NOTICE = "This is a simulation: no model was asked and nothing is billed.";
/** What our estimate of that text is, and the stand-in's count too. */
const SENT = 23;

let provider: StandIn;
beforeAll(async () => {
  provider = await startProvider({ pace: 0 });
  vi.spyOn(console, "error").mockImplementation(() => {});
});
afterAll(() => provider.close());

/** What a run and an analysis on this key end with. */
async function results(word: string) {
  const key = `sk-${word}`;
  const [meter, other] = [0, 1].map(
    () => new Meter({ ...CALLS.run, model: MODEL, text: TEXT, source: "user" }),
  );
  if (!meter || !other) throw new Error("no meter");
  for (const each of [meter, other]) each.hide(key);
  const late = new AbortController();
  for (const each of [meter, other]) each.signal = late.signal;
  let text = "";
  let run = "";
  let detail = "";
  try {
    for await (const event of eventsOf(await startRun(TEXT, key, meter), meter)) {
      if (event.type === "text") text += event.text;
      if (word === "hushed" && text.includes(NOTICE)) late.abort(new DOMException("late", "TimeoutError"));
      if (event.type === "done") run = `${event.status} ${event.stop_reason}`;
      if (event.type === "error") [run, detail] = [`broken ${event.problem.code}`, event.problem.detail];
    }
  } catch (error) {
    run = (error as Problem).code;
    detail = (error as Problem).message;
  }
  const analysis = await analyzeText(TEXT, key, other).then(
    ({ status, findings_dropped }) => `${status}${findings_dropped > 0 ? " with losses" : ""}`,
    (problem: Problem) => problem.code,
  );
  await eventually(() => {
    for (const request of provider.requests.filter(({ apiKey }) => apiKey === key))
      expect(request.closed).toBe(true);
  });
  return { run, detail, analysis, text, read: meter.read() };
}

const NOT_BILLED = [
  "provider_refused_key",
  "provider_no_credit",
  "provider_key_limited",
  "provider_blocks_server",
  "provider_rejected_request",
  "provider_rate_limited",
  "provider_overloaded",
];

const ERROR_CODES: Record<string, string> = {
  refused: "provider_refused_key",
  "openai-key": "provider_refused_key",
  "litellm-auth": "provider_refused_key",
  "litellm-unknown": "provider_refused_key",
  "litellm-expired": "provider_refused_key",
  nocredit: "provider_no_credit",
  "low-balance": "provider_no_credit",
  "budget-429": "provider_no_credit",
  "budget-400": "provider_no_credit",
  "credits-402": "provider_no_credit",
  "quota-spent": "provider_no_credit",
  "org-disabled": "provider_key_limited",
  "no-permission": "provider_key_limited",
  "litellm-access": "provider_key_limited",
  "region-forbidden": "provider_blocks_server",
  "legal-451": "provider_blocks_server",
  nomodel: "provider_rejected_request",
  "litellm-model": "provider_rejected_request",
  "too-long": "provider_rejected_request",
  "html-413": "provider_rejected_request",
  "other-invalid": "provider_rejected_request",
  "error-odd-400": "provider_rejected_request",
  ratelimited: "provider_rate_limited",
  "retry-date": "provider_rate_limited",
  "retry-garbage": "provider_rate_limited",
  "retry-zero": "provider_rate_limited",
  overloaded: "provider_overloaded",
  "api-error": "provider_unavailable",
  "error-odd-500": "provider_unavailable",
  "html-502": "provider_unavailable",
  "json-200": "provider_unavailable",
  redirected: "provider_unavailable",
  // Node itself takes it for a failure of the connection.
  "html-407": "provider_unavailable",
  "endless-body": "provider_unavailable",
  "body-never": "provider_unavailable",
  "html-504": "provider_timeout",
};

describe.concurrent("an error instead of an answer", () => {
  it.for(ERRORS.map(({ word }) => word))("%s", async (word, { expect }) => {
    const { run, detail, analysis, text, read } = await results(word);
    // What nobody can tell apart is not the key's fault.
    const code = ERROR_CODES[word] ?? "provider_unclear";
    expect({ run, analysis, text }).toEqual({ run: code, analysis: code, text: "" });
    expect(detail).not.toContain("sk-");
    if (NOT_BILLED.includes(code)) expect(read).toMatchObject({ input_tokens: 0, cost_usd: 0 });
    expect(read).toMatchObject({ output_tokens: 0, is_counted: false, model: MODEL });
  });

  it("is billed, perhaps, where a gateway gave up on what goes on behind it, or answered with a page", async () => {
    for (const word of ["html-502", "html-504", "login-page", "json-200"])
      expect((await results(word)).read.input_tokens).toBe(SENT);
    for (const word of ["html-401", "html-404", "api-error", "redirected", "bare-403"])
      expect((await results(word)).read.input_tokens).toBe(0);
  });

  it.for([
    ["too-long", /too long for the model/],
    ["html-413", /too long for the model/],
    ["nomodel", /no model claude-sonnet-5-5 for your key/],
    ["litellm-model", /no model claude-sonnet-5-5 for your key/],
    ["other-invalid", /^Anthropic didn't accept this request\./],
    ["low-balance", /no credit left/],
    ["no-permission", /Anthropic recognizes your key/],
    ["legal-451", /network or region, or not with your key/],
    ["retry-date", /in (90|89|88) seconds/],
    ["retry-garbage", /in a moment/],
    ["retry-zero", /in a moment/],
    ["ratelimited", /in 7 seconds/],
  ] as const)("%s says what to do", async ([word, words], { expect }) => {
    expect((await results(word)).detail).toMatch(words);
  });
});

/** The status and the stop reason where they are not "completed end_turn". */
const ENDINGS: Record<string, string> = {
  "reason-null": "provider_incomplete null",
  "reason-missing": "provider_incomplete null",
  "reason-empty": "provider_incomplete null",
  "reason-object": "provider_incomplete other",
  "reason-unknown": "provider_incomplete other",
  "reason-max-tokens": "provider_cut_off max_tokens",
  "reason-window": "provider_cut_off model_context_window_exceeded",
  "reason-sequence": "completed stop_sequence",
  "reason-pause": "provider_incomplete pause_turn",
  "reason-tool": "provider_incomplete tool_use",
  "reason-openai-length": "provider_cut_off max_tokens",
  "reason-openai-filter": "provider_declined refusal",
  "reason-openai-tools": "provider_incomplete tool_use",
  "final-bare": "provider_incomplete null",
  "final-none": "provider_incomplete null",
  "half-refusal": "provider_declined refusal",
  "junk-line": "provider_incomplete end_turn",
  cut: "broken provider_unavailable",
  unfinished: "broken provider_unavailable",
  hushed: "broken provider_timeout",
  errorevent: "broken provider_overloaded",
  "error-mid-open": "broken provider_overloaded",
  "error-as-text": "broken provider_unavailable",
  "error-as-html": "broken provider_unavailable",
  "error-without-name": "broken provider_overloaded",
  "nameless-mid": "broken provider_no_credit",
  "nameless-first": "provider_no_credit",
  "empty-stream": "provider_bad_answer",
  "endless-pieces": "provider_bad_answer",
  "error-first": "provider_overloaded",
};

const HALF = ["half-refusal", "cut", "unfinished", "hushed", "errorevent", "error-mid-open", "error-as-text"];
HALF.push("error-as-html", "error-without-name", "nameless-mid");

/** Where the provider's counts are missing, and the estimate is ours. */
const NOT_COUNTED =
  /^(final-usage-(?!strings|floats|output-alone)|final-none|cut|unfinished|hushed|error|nameless)/;

describe.concurrent("a stream", () => {
  const words = [...TEXT_SHAPES, ...USAGE_SHAPES, ...ENDING_SHAPES, ...WIRE_SHAPES].map(({ word }) => word);
  it.for([...words, "streamless"])("%s", async (word, { expect }) => {
    const { run, analysis, text, read } = await results(word);
    const ending = ENDINGS[word] ?? "completed end_turn";
    expect(run).toBe(ending);
    const status = ending.split(" ").find((code) => code !== "broken") ?? "";
    if (word !== "block-and-deltas") expect(analysis).toBe(status);
    const hasText = !["empty-stream", "endless-pieces", "error-first", "nameless-first"].includes(word);
    if (hasText) expect(text).toContain(NOTICE);
    if (hasText && !HALF.includes(word)) expect(text).toMatch(/as this one does\.$/);
    expect(text).not.toContain("Nobody");
    expect(read.input_tokens).toBeGreaterThanOrEqual(SENT);
    expect(read.input_tokens).toBeLessThanOrEqual(SENT + 1);
    expect(read.model).toBe(MODEL);
    if (!hasText) return;
    expect(read.is_counted).toBe(!NOT_COUNTED.test(word));
    if (!HALF.includes(word)) expect(read.output_tokens).toBeGreaterThanOrEqual(WRITTEN);
    else expect(read.output_tokens).toBeGreaterThan(10);
  });

  it("has its text also where it is in the first event of its block", async () => {
    expect((await results("block-and-deltas")).text).toMatch(/^This came first\. This is a simulation/);
  });

  it.for([
    [
      "cache-written",
      { cache_creation_input_tokens: 300, details: { cache_creation_1h_input_tokens: 200 } },
      true,
    ],
    ["cache-read", { cache_read_input_tokens: 400, details: {} }, true],
    ["server-tools", { details: { web_search_requests: 2, web_fetch_requests: 3 } }, true],
    ["tier-priority", { details: { service_tier: "priority" } }, false],
    ["speed-fast", { details: { speed: "fast" } }, false],
    ["geo-us", { details: { inference_geo: "us" } }, true],
    ["details-plain", { details: {} }, true],
    ["details-odd", { details: {} }, true],
    ["final-grows", { output_tokens: WRITTEN + 10 }, true],
    ["final-shrinks", { output_tokens: WRITTEN }, true],
    ["final-usage-missing", { output_tokens: 108 }, false],
    ["thinks-first", { details: { thinking_tokens: 900 } }, true],
    // No more of it than was written at all.
    ["overthinks", { details: { thinking_tokens: WRITTEN } }, true],
  ] as const)(
    "%s is counted, and priced as far as its price is known",
    async ([word, usage, exact], { expect }) => {
      expect((await results(word)).read).toMatchObject({ ...usage, cost_exact: exact });
    },
  );

  it("is over a moment after its reason, where its end does not come", async ({ expect }) => {
    const { run, analysis, read } = await results("no-stop-left-open");
    expect([run, analysis]).toEqual(["completed end_turn", "completed"]);
    expect(read.is_counted).toBe(true);
  });

  it("that breaks off says so", async () => {
    expect((await results("cut")).detail).toBe("The answer was interrupted. Try again.");
    expect((await results("unfinished")).detail).toBe("The answer was interrupted. Try again.");
  });
});
