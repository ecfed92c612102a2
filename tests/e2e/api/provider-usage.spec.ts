import { expect, receivedWith, test } from "../fixtures";
import { COUNTED, ESTIMATE, tryRun } from "./provider";

// What an answer used, as the ledger has it: the provider's counts as far as they can be, an estimate for the rest.

/** What the stand-in says that its answer to our prompt has of tokens. */
const written = (text: string) => Math.ceil(text.length / 4);

/** What message_start says does not matter where message_delta counts. */
const AT_START = [
  "missing",
  "null",
  "list",
  "strings",
  "negative",
  "nan",
  "infinite",
  "objects",
  "zero",
  "placeholder",
  "one",
  "output-alone",
  "no-output",
].map((name) => `start-usage-${name}`);

test("counts at the end are taken, whatever was said at the beginning", async () => {
  const words = ["usual", ...AT_START, "usage-at-stop", "no-message", "streamless"];
  const seen = await Promise.all(
    words.map(async (word) => {
      const { row, text } = await tryRun(word);
      return [word, row.input_tokens, row.output_tokens - written(text), row.is_counted];
    }),
  );
  expect(seen).toEqual(words.map((word) => [word, COUNTED, 0, true]));
});

/** Words of a prompt that nobody has counted. */
const NO_INPUT = [
  ...["missing", "null", "list", "negative", "nan", "infinite", "objects", "zero", "placeholder", "one"].map(
    (name) => `start-usage-${name}-final-usage-output-alone`,
  ),
  "no-message-final-usage-output-alone",
  "start-usage-placeholder-final-usage-placeholder",
  "start-usage-one-final-usage-one",
  "start-usage-huge-final-usage-huge",
  "start-usage-missing-final-usage-missing",
  "start-usage-placeholder-final-none",
  "start-usage-placeholder-cut",
  "start-usage-zero-unfinished",
  "start-usage-missing-errorevent",
];

test("a prompt that the provider does not count, or cannot have counted so, is entered as estimated", async () => {
  const seen = await Promise.all(
    NO_INPUT.map(async (word) => {
      const { row } = await tryRun(word);
      return [word, row.input_tokens, row.is_counted, row.cost_exact];
    }),
  );
  expect(seen).toEqual(NO_INPUT.map((word) => [word, ESTIMATE, false, false]));
});

/** Words of an answer that nobody has counted, while the prompt was. */
const NO_OUTPUT = [
  ...[
    "missing",
    "null",
    "list",
    "negative",
    "nan",
    "infinite",
    "objects",
    "zero",
    "placeholder",
    "no-output",
  ].map((name) => `final-usage-${name}`),
  "final-none",
  "unfinished",
  "half-refusal-final-none",
];

test("an answer that the provider does not count is entered as estimated, and the prompt as counted", async () => {
  const seen = await Promise.all(
    NO_OUTPUT.map(async (word) => {
      const { row, text } = await tryRun(word);
      return [word, row.input_tokens, row.output_tokens >= written(text), row.is_counted, row.cost_exact];
    }),
  );
  expect(seen).toEqual(NO_OUTPUT.map((word) => [word, COUNTED, true, false, false]));
});

test("what is known of one side is kept where the other is estimated", async () => {
  const { row, text } = await tryRun("start-usage-placeholder-final-usage-output-alone");
  expect(row).toMatchObject({ input_tokens: ESTIMATE, output_tokens: written(text) });
});

test("counts in other forms are read, or estimated, and never less than was sent", async () => {
  for (const name of ["strings", "floats"]) {
    const { row } = await tryRun(`start-usage-${name}-final-usage-${name}`);
    expect([COUNTED, COUNTED + 1, ESTIMATE], name).toContain(row.input_tokens);
    expect(row.output_tokens, name).toBeGreaterThan(1);
  }
});

test("a second count is a total, and a smaller one takes nothing away", async () => {
  const [grown, shrunk, once] = await Promise.all(["final-grows", "final-shrinks", "after-stop"].map(tryRun));
  for (const seen of [grown, shrunk, once]) expect(seen?.row.is_counted).toBe(true);
  expect(grown?.row.output_tokens).toBe(written(grown?.text ?? "") + 10);
  expect(shrunk?.row.output_tokens).toBe(written(shrunk?.text ?? ""));
  expect(once?.row.output_tokens).toBe(written(once?.text ?? ""));
});

test("the model is the one that was asked for where the answer's is of no use", async () => {
  const words = [
    "model-null",
    "model-empty",
    "model-long",
    "model-object",
    "model-control",
    "model-surrogate",
    "model-is-key",
    "no-message",
  ];
  const seen = await Promise.all(
    words.map(async (word) => {
      const { events, row, key } = await tryRun(word);
      const [asked] = await receivedWith(key);
      const model = (asked?.body as { model?: string } | undefined)?.model;
      const shown = events[0]?.type === "start" ? events[0].model : undefined;
      return [word, shown === model, row.model === model, row.cost_exact];
    }),
  );
  expect(seen).toEqual(words.map((word) => [word, true, true, true]));
});

test("what else the provider says of its usage is kept, where it is not nothing or the usual", async () => {
  const details = {
    usual: {},
    "cache-written": { cache_creation_1h_input_tokens: 200 },
    "cache-read": {},
    "thinks-first": { thinking_tokens: 900 },
    "server-tools": { web_search_requests: 2, web_fetch_requests: 3 },
    "tier-priority": { service_tier: "priority" },
    "speed-fast": { speed: "fast" },
    "geo-us": { inference_geo: "us" },
    "details-plain": {},
    "details-odd": {},
    "cache-written-cache-read-thinks-first-server-tools-tier-priority-speed-fast-geo-us": {
      cache_creation_1h_input_tokens: 200,
      thinking_tokens: 900,
      web_search_requests: 2,
      web_fetch_requests: 3,
      service_tier: "priority",
      speed: "fast",
      inference_geo: "us",
    },
  };
  const seen = await Promise.all(
    Object.keys(details).map(async (word) => {
      const { row, text } = await tryRun(word);
      const { cache_creation_input_tokens, cache_read_input_tokens } = row;
      expect(cache_creation_input_tokens, word).toBe(word.includes("cache-written") ? 300 : 0);
      expect(cache_read_input_tokens, word).toBe(word.includes("cache-read") ? 400 : 0);
      expect(row.output_tokens, word).toBe(written(text) + (word.includes("thinks-first") ? 900 : 0));
      expect(row.is_counted, word).toBe(true);
      return [word, row.details];
    }),
  );
  expect(seen).toEqual(Object.entries(details));
});
