import fc from "fast-check";
import type { Run } from "../../../lib/usage/types";
import type { Script } from "../../support/anthropic-standin/script";
import { expect, test } from "../fixtures";
import { as, post, type Reply } from "./client";
import { endedRuns, expectClosed, personWith, readAnalysis, readRun, rowOf } from "./provider";

// Answers that nobody thought of: events in any order, members of any type, bytes cut anywhere, and every way to end.
// A failure prints its seed and path; fc.assert takes both, and repeats it.

const RUNS = 80;
const MAX_PROMPT = 20_000;
/** A new person each time, so that the lists stay short. */
const RUNS_A_PERSON = 10;

type Data = Record<string, unknown>;

/** An event, and what it means to a reader. */
interface Said {
  type: string;
  data: Data | string;
  /** For the reader. */
  text?: string;
  isEnd?: true;
}

const odd = fc.constantFrom(null, true, 0, 1, -1, 0.5, 1e15, "", "x", "12", "NaN", [], [null], {});

/** What was promised, something else, or nothing. */
const loosely = <Value>(promised: fc.Arbitrary<Value>) =>
  fc.oneof(
    { weight: 4, arbitrary: promised },
    { weight: 1, arbitrary: odd },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );

const usage = loosely(
  fc.record({
    input_tokens: loosely(fc.nat(9_000)),
    output_tokens: loosely(fc.nat(9_000)),
    cache_creation_input_tokens: loosely(fc.nat(100)),
    cache_read_input_tokens: loosely(fc.nat(100)),
    server_tool_use: loosely(fc.record({ web_search_requests: loosely(fc.nat(9)) })),
    service_tier: loosely(fc.constantFrom("standard", "priority")),
  }),
);

const reason = loosely(
  fc.constantFrom("end_turn", "end_turn", "end_turn", "max_tokens", "refusal", "pause_turn", "stop", "tired"),
);

const event = (type: string, data: fc.Arbitrary<Data>): fc.Arbitrary<Said> =>
  data.map((data) => ({ type, data: { type, ...data } }));

const start = event(
  "message_start",
  fc.record({
    message: loosely(
      fc.record({
        model: loosely(fc.constantFrom("claude-sonnet-5-5", "another-model", "a b\u0000")),
        content: loosely(fc.constant([])),
        usage,
      }),
    ),
  }),
);

const text: fc.Arbitrary<Said> = fc
  .tuple(fc.nat(3), fc.string({ unit: "binary", maxLength: 20 }))
  .map(([index, text]) => ({
    type: "content_block_delta",
    data: { type: "content_block_delta", index, delta: { type: "text_delta", text } },
    text,
  }));

const total = event(
  "message_delta",
  fc.record({ delta: loosely(fc.record({ stop_reason: reason })), usage }),
);

const stop: fc.Arbitrary<Said> = fc.constant({
  type: "message_stop",
  data: { type: "message_stop" },
  isEnd: true,
});

/** What may come between the pieces of text. */
const other: fc.Arbitrary<Said> = fc.oneof(
  event("ping", fc.record({ cost: odd })),
  event(
    "content_block_start",
    fc.record({ content_block: loosely(fc.constant({ type: "text", text: "" })) }),
  ),
  event("content_block_stop", fc.record({ index: odd })),
  event("content_block_delta", fc.record({ delta: odd })),
  event(
    "content_block_delta",
    fc.record({ delta: fc.record({ type: fc.constant("thinking_delta"), thinking: odd }) }),
  ),
  event(
    "content_block_delta",
    fc.record({ delta: fc.record({ type: fc.constant("text_delta"), text: odd }) }),
  ),
  event("com.example.unknown", fc.record({ text: odd })),
  fc.constant({ type: "content_block_delta", data: '{"type":"content_block_del' }),
  fc.constant({ type: "comment", data: "" }),
);

const error: fc.Arbitrary<Said> = fc
  .oneof(
    loosely(
      fc.record({
        error: loosely(fc.record({ type: loosely(fc.constant("overloaded_error")), message: odd })),
      }),
    ),
    odd,
  )
  .map((data) => ({ type: "error", data: JSON.stringify(data ?? "down"), isEnd: true }));

const done: fc.Arbitrary<Said> = fc.constant({ type: "message", data: "[DONE]", isEnd: true });

/** In the order that is promised, some of them missing; or in any. */
const stream: fc.Arbitrary<Said[]> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        start,
        fc.array(fc.oneof({ weight: 3, arbitrary: text }, { weight: 1, arbitrary: other }), { maxLength: 8 }),
        fc.option(total),
        fc.option(
          fc.oneof(
            { weight: 3, arbitrary: stop },
            { weight: 1, arbitrary: error },
            { weight: 1, arbitrary: done },
          ),
        ),
        fc.array(fc.oneof(text, total, error), { maxLength: 2 }),
      )
      .map(([start, pieces, total, end, rest]) =>
        [start, ...pieces, total, end, ...rest].filter((said) => said !== null),
      ),
  },
  {
    weight: 1,
    arbitrary: fc.array(fc.oneof(start, text, text, other, total, stop, error, done), { maxLength: 10 }),
  },
);

const answers = fc
  .record({
    said: stream,
    isNamed: fc.oneof(
      { weight: 3, arbitrary: fc.constant(true) },
      { weight: 1, arbitrary: fc.constant(false) },
    ),
    newline: fc.constantFrom("\n", "\n", "\r\n"),
    /** Where the bytes are cut, as shares of all of them. */
    cuts: fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(3)), { maxLength: 12 }),
    status: fc.oneof(
      { weight: 9, arbitrary: fc.constant(200) },
      { weight: 1, arbitrary: fc.constantFrom(400, 401, 429, 500, 529) },
    ),
    contentType: fc.oneof(
      { weight: 9, arbitrary: fc.constant("text/event-stream") },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          "text/event-stream; charset=utf-8",
          "text/plain",
          "application/json",
          "text/html",
        ),
      },
    ),
    end: fc.constantFrom("close", "close", "destroy", "open"),
    kind: fc.constantFrom("run", "run", "run", "analyze"),
  })
  // Each text is another one, so that it can be found.
  .map((answer) => ({ ...answer, said: answer.said.map(withMark) }));

type Answer = Omit<typeof answers extends fc.Arbitrary<infer Value> ? Value : never, "end"> & { end: string };

function withMark(said: Said, index: number): Said {
  if (said.text === undefined) return said;
  const text = `<${index}>${said.text}</${index}>`;
  return { ...said, data: { type: said.type, index: 0, delta: { type: "text_delta", text } }, text };
}

const isStream = ({ status }: Answer) => status === 200;

function scriptOf(answer: Answer): Script {
  const { said, isNamed, newline, cuts, status, contentType, end } = answer;
  const written = said
    .map(({ type, data }) => {
      if (type === "comment") return ": nothing\n\n";
      // An error whose data has no type is one by its name alone.
      const name = isNamed || type === "error" ? `event: ${type}\n` : "";
      return `${name}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;
    })
    .join("")
    .replaceAll("\n", newline);
  const bytes = Buffer.from(written);
  const at = cuts
    .map(([share, wait]) => ({ at: Math.floor(share * bytes.length), wait }))
    .sort((a, b) => a.at - b.at);
  const starts = [{ at: 0, wait: 0 }, ...at];
  const chunks = starts.flatMap(({ at, wait }, index) => [
    { wait },
    { base64: bytes.subarray(at, starts[index + 1]?.at).toString("base64") },
  ]);
  // Nobody can know that an open connection is at its end, but by an event that says so.
  const isKnown = isStream(answer) && said.some(({ isEnd }) => isEnd);
  return {
    status,
    headers: { "Content-Type": contentType },
    chunks,
    end: end === "open" && !isKnown ? "close" : (end as "close"),
  };
}

/** The texts that came before the end. */
function textsOf({ said }: Answer): string[] {
  const end = said.findIndex(({ isEnd }) => isEnd);
  return said.slice(0, end < 0 ? said.length : end).flatMap(({ text }) => text ?? []);
}

/** The tokens that the answer says were sent, as many as they can be meant to be. */
function saysSent({ said }: Answer): number {
  const usages = said.map(({ data }) => {
    const { usage, message } = data as { usage?: unknown; message?: { usage?: unknown } };
    return (usage ?? message?.usage ?? {}) as Data;
  });
  const most = (name: string) => Math.max(0, ...usages.map((usage) => Number(usage[name] ?? 0) || 0));
  return most("input_tokens") + most("cache_creation_input_tokens") + most("cache_read_input_tokens");
}

function expectTexts(reply: string, answer: Answer): void {
  const texts = textsOf(answer);
  // Where a connection breaks, the last pieces before may be lost with it.
  const arrived = answer.end === "destroy" ? texts.filter((text) => reply.includes(text)) : texts;
  expect(arrived).toEqual(texts.slice(0, arrived.length));
  let at = 0;
  for (const text of arrived) {
    const found = reply.indexOf(text, at);
    expect(found, `${JSON.stringify(text)} in ${JSON.stringify(reply)}`).toBeGreaterThanOrEqual(at);
    at = found + text.length;
  }
}

function expectProper(reply: Reply, row: Run, answer: Answer, prompt: string): void {
  const seen = answer.kind === "run" ? readRun(reply, row) : readAnalysis(reply, row);
  if (seen.problem) expect(seen.problem.code).toMatch(/^provider_/);
  if (isStream(answer)) {
    const bytes = Buffer.byteLength(prompt);
    const { input_tokens, cache_creation_input_tokens, cache_read_input_tokens } = row;
    const sent = input_tokens + cache_creation_input_tokens + cache_read_input_tokens;
    // What the answer says counts, unless no token can be so long.
    expect(sent).toBeGreaterThanOrEqual(saysSent(answer) * 64 < bytes ? Math.ceil(bytes / 4) : 1);
    if ("events" in seen && seen.events.length > 0) expectTexts(seen.text, answer);
  } else expect(seen.problem).toBeDefined();
}

test("whatever comes as an answer, the reply, the ledger and the connection come to their ends", async () => {
  let person = await personWith("scripted");
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(answers, async (answer) => {
      const prompt = JSON.stringify(scriptOf(answer));
      fc.pre(prompt.length <= MAX_PROMPT);
      if (runs === RUNS_A_PERSON) {
        person = await personWith("scripted");
        runs = 0;
      }
      const body = answer.kind === "run" ? { prompt } : { text: prompt };
      const reply = await as(person)(`/api/reveal/${answer.kind}`, post(body));
      runs += 1;
      await expectClosed(person.key, runs);
      const { rows, page } = await endedRuns(person, runs);
      expect(reply.text + page.text).not.toContain(person.key);
      const row = rowOf(rows, answer.kind as Run["kind"]);
      expect(row).toBe(rows[0]);
      expectProper(reply, row, answer, prompt);
    }),
    { numRuns: RUNS },
  );
});
