import { both, type Change, dataOf, each, type Json } from "./events.ts";
import type { Usage } from "./reply.ts";
import type { Shape } from "./shapes.ts";

// What a stream says that the answer used, and on which model.

/** A number that JSON can hold and JavaScript cannot; JSON.stringify would write null. */
const INFINITE = "@1e999";

/** What takes the place of a usage; undefined leaves the member out. */
const USAGES: [name: string, make: (real: Usage) => unknown][] = [
  ["missing", () => undefined],
  ["null", () => null],
  ["list", () => [12, 3]],
  ["strings", (real) => inEach(real, String)],
  ["floats", (real) => inEach(real, (count) => count + 0.5)],
  ["negative", (real) => inEach(real, (count) => -count - 1)],
  ["huge", (real) => inEach(real, () => 1e15)],
  ["nan", (real) => inEach(real, () => "NaN")],
  ["infinite", (real) => inEach(real, () => INFINITE)],
  ["objects", (real) => inEach(real, () => ({ tokens: 5 }))],
  // What gateways send until they know, and some of them for good.
  ["zero", (real) => inEach(real, () => 0)],
  ["placeholder", () => ({ input_tokens: 0, output_tokens: 1 })],
  ["one", () => ({ input_tokens: 1, output_tokens: 1 })],
  ["output-alone", (real) => ({ output_tokens: real.output_tokens })],
  ["no-output", (real) => ({ ...real, output_tokens: 0 })],
];

const inEach = (usage: Usage, make: (count: number) => unknown) =>
  Object.fromEntries(Object.entries(usage).map(([name, count]) => [name, make(count)]));

const startUsage = (make: (real: Usage) => unknown): Change =>
  each("message_start", (data) => {
    const message = data.message as Json;
    return { ...data, message: { ...message, usage: make(message.usage as Usage) } };
  });

const finalUsage = (make: (real: Usage) => unknown): Change =>
  each("message_delta", (data) => ({ ...data, usage: make(data.usage as Usage) }));

/** In both, as the API has some of them here and some of them there. */
const inUsage = (more: Json) =>
  both(
    startUsage((real) => ({ ...real, ...more })),
    finalUsage((real) => ({ ...real, ...more })),
  );

const model = (model: unknown): Change =>
  each("message_start", (data) => ({ ...data, message: { ...(data.message as Json), model } }));

/** `start-usage-…` for what message_start says, `final-usage-…` for message_delta; a key may have both. */
const usages = USAGES.flatMap(([name, make]): Shape[] => [
  { word: `start-usage-${name}`, change: startUsage(make), wire: withInfinity },
  { word: `final-usage-${name}`, change: finalUsage(make), wire: withInfinity },
]);

function withInfinity(text: string): string {
  return text.replaceAll(JSON.stringify(INFINITE), INFINITE.slice(1));
}

export const USAGE_SHAPES: readonly Shape[] = [
  // Members of a usage beyond the four counts. First, because the others replace it.
  {
    word: "cache-written",
    change: inUsage({
      cache_creation_input_tokens: 300,
      cache_creation: { ephemeral_1h_input_tokens: 200, ephemeral_5m_input_tokens: 100 },
    }),
  },
  { word: "cache-read", change: inUsage({ cache_read_input_tokens: 400 }) },
  {
    word: "server-tools",
    change: inUsage({ server_tool_use: { web_search_requests: 2, web_fetch_requests: 3 } }),
  },
  { word: "overthinks", change: inUsage({ output_tokens_details: { thinking_tokens: 9_000 } }) },
  { word: "tier-priority", change: inUsage({ service_tier: "priority" }) },
  { word: "speed-fast", change: inUsage({ speed: "fast" }) },
  { word: "geo-us", change: inUsage({ inference_geo: "us" }) },
  {
    word: "details-plain",
    change: inUsage({
      cache_creation: { ephemeral_1h_input_tokens: 0, ephemeral_5m_input_tokens: 0 },
      server_tool_use: { web_search_requests: 0, web_fetch_requests: 0 },
      output_tokens_details: { thinking_tokens: 0 },
      service_tier: "standard",
      speed: "standard",
      inference_geo: "global",
    }),
  },
  {
    word: "details-odd",
    change: inUsage({
      cache_creation: [],
      server_tool_use: { web_search_requests: "two", web_fetch_requests: -1 },
      output_tokens_details: null,
      service_tier: 7,
      speed: { fast: true },
      inference_geo: "",
    }),
  },

  ...usages,
  {
    word: "usage-at-stop",
    change: (pieces) => {
      const usage = dataOf(pieces, "message_delta")?.usage;
      return both(
        startUsage(() => undefined),
        finalUsage(() => undefined),
        each("message_stop", (data) => ({ ...data, usage })),
      )(pieces);
    },
  },

  { word: "no-message", change: each("message_start", () => ({ type: "message_start" })) },
  { word: "model-null", change: model(null) },
  { word: "model-empty", change: model("") },
  { word: "model-long", change: model("claude-".padEnd(5_000, "x")) },
  { word: "model-object", change: model({ id: "claude-simulated" }) },
  { word: "model-control", change: model("claude\u0000-\u001b[31mred\r\n") },
  { word: "model-surrogate", change: model("claude-\ud83d") },
  { word: "model-is-key", change: (pieces, apiKey) => model(apiKey)(pieces) },
];
