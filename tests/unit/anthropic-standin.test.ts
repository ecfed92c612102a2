import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ERRORS } from "../support/anthropic-standin/errors.ts";
import type { Script } from "../support/anthropic-standin/script.ts";
import { SHAPES } from "../support/anthropic-standin/stream.ts";
import { type RecordedRequest, type StandIn, startAnthropicStandIn } from "../support/anthropic-standin.ts";
import { eventually } from "../support/eventually.ts";

// What other tests build on: each word gets what its table says, and the record shows who ended an answer.

/** Words that are in no table. */
const OTHERS = ["hangup", "silent", "slow", "badjson", "misquote", "declined", "streamless", "scripted"];
const WORDS = [...ERRORS, ...SHAPES].map(({ word }) => word);
/** Those that go on until the client leaves. */
const UNENDING = ["endless-body", "body-never", "left-open", "hushed", "error-mid-open", "endless-pieces"];
/** As often as it takes. */
const soon = <Value>(look: () => Value) => eventually(look);
const PROMPT = "Why is the sky blue?";

let standIn: StandIn;
beforeAll(async () => {
  standIn = await startAnthropicStandIn({ inspect: true, pace: 1 });
});
afterAll(() => standIn.close());
beforeEach(() => {
  standIn.requests.length = 0;
});

const ask = (key: string, content = PROMPT, signal?: AbortSignal) =>
  fetch(`${standIn.url}/v1/messages`, {
    method: "POST",
    headers: { "x-api-key": key, "anthropic-version": "2023-06-01", "Content-Type": "application/json" },
    body: JSON.stringify({
      model: "claude-test",
      max_tokens: 100,
      stream: true,
      messages: [{ role: "user", content }],
    }),
    redirect: "manual",
    ...(signal && { signal }),
  });

const textFor = async (key: string, content?: string) => (await ask(key, content)).text();

/** The JSON of a stream's events. */
const eventsFor = async (key: string) =>
  [...(await textFor(key)).matchAll(/^data: ?(\{.*)$/gm)].map((line) => JSON.parse(line[1] ?? ""));

const recordOf = (key: string) =>
  soon(() => {
    const record = standIn.requests.find(({ apiKey }) => apiKey === key);
    expect(record?.endedAfter).toEqual(expect.any(Number));
    return record;
  });

test("no word is part of another, or of what else is in keys", () => {
  const all = [...new Set([...WORDS, ...OTHERS])];
  expect(all).toHaveLength(WORDS.length + OTHERS.length);
  const within = (text: string) => all.filter((word) => word !== text && text.includes(word));
  expect(all.flatMap((word) => within(word).map((part) => `${part} in ${word}`))).toEqual([]);
  for (const word of all) expect(word).toMatch(/^[a-z0-9-]*[g-z][a-z0-9-]*$/);
  for (const key of [
    "sk-ant-test-works-",
    "sk-ant-test-platform-not-real-",
    "sk-ant-demo-platform-key-not-real-",
  ])
    expect(within(key)).toEqual([]);
});

describe("an error before the stream", () => {
  test.each(ERRORS.filter(({ word }) => !UNENDING.includes(word)))("$word", async ({ word, status }) => {
    // `fetch` itself gives up on a 407.
    if (status === 407) return await expect(ask(`sk-${word}`)).rejects.toThrow();
    const reply = await ask(`sk-${word}`);
    expect(reply.status).toBe(status);
    const text = await reply.text();
    if (reply.headers.get("content-type") === "application/json") JSON.parse(text);
    else expect(text).toMatch(/^<!doctype html>.+<\/html>\n$/s);
    expect(await recordOf(`sk-${word}`)).toMatchObject({ aborted: false });
  });

  test("repeats the key where it is asked to", async () => {
    for (const word of ["low-balance", "budget-400", "html-403"]) {
      expect(await textFor(`sk-${word}-echo`)).toContain(`sk-${word}-echo`);
      expect(await textFor(`sk-${word}`)).not.toContain(`sk-${word}`);
    }
  });
});

describe("a stream", () => {
  test.each(SHAPES.filter(({ word }) => !UNENDING.includes(word)))(
    "$word differs and ends",
    async ({ word }) => {
      const [usual, shaped] = await Promise.all(
        ["sk-usual", `sk-${word}`].map(async (key) => {
          const reply = await ask(key);
          expect(reply.status).toBe(200);
          const text = await reply.text().catch(() => "broken off");
          return text.replace(/msg_simulated_[0-9a-f-]+/g, "msg");
        }),
      );
      // These differ in how the same text is sent, in what reading it takes away, or only with another word.
      if (["bytewise", "bom", "echo"].includes(word)) expect(shaped).toBe(usual);
      else expect(shaped).not.toBe(usual);
      expect(await recordOf(`sk-${word}`)).toMatchObject({ aborted: false, stream: true });
    },
  );

  test("has what its words say, all of them", async () => {
    const events = await eventsFor(
      "sk-start-usage-null-final-usage-output-alone-reason-window-model-empty-crlf",
    );
    expect(events[0].message).toMatchObject({ model: "", usage: null });
    const { delta, usage } = events.find(({ type }) => type === "message_delta");
    expect(delta.stop_reason).toBe("model_context_window_exceeded");
    expect(usage).toEqual({ output_tokens: expect.any(Number) });
    expect(await textFor("sk-start-usage-infinite")).toContain('"input_tokens":1e999');
    expect((await eventsFor("sk-usage-at-stop")).at(-1)).toMatchObject({
      type: "message_stop",
      usage: { input_tokens: 5 },
    });
  });

  test("breaks off with the counts that it began with", async () => {
    const response = await ask("sk-start-usage-placeholder-cut");
    let text = "";
    const read = async () => {
      for await (const chunk of response.body ?? []) text += new TextDecoder().decode(chunk);
    };
    await expect(read()).rejects.toThrow();
    expect(text).toContain('"usage":{"input_tokens":0,"output_tokens":1}');
    expect(text.match(/text_delta/g)?.length).toBe(10);
    expect(await recordOf("sk-start-usage-placeholder-cut")).toMatchObject({ aborted: false });
  });

  test("begins with a byte order mark", async () => {
    expect(Buffer.from(await (await ask("sk-bom")).bytes()).toString("hex", 0, 3)).toBe("efbbbf");
  });

  test("is one message where the gateway knows no streams", async () => {
    expect(JSON.parse(await textFor("sk-streamless"))).toMatchObject({
      type: "message",
      stop_reason: "end_turn",
      content: [{ type: "text" }],
    });
  });
});

test("the record says who left, the client or nobody", async () => {
  const goOn = [...UNENDING, "silent", "slow"];
  const words = [...WORDS.filter((word) => word !== "html-407"), "silent", "slow"];
  const endings = words.map(async (word) => {
    const leaving = new AbortController();
    const reply = ask(`sk-${word}`, PROMPT, leaving.signal).catch(() => undefined);
    const record = await soon(() => {
      const record = standIn.requests.find(({ apiKey }) => apiKey === `sk-${word}`);
      if (!record?.stream) throw new Error("The request has not come yet.");
      return record;
    });
    if (goOn.includes(word)) {
      expect(record).toMatchObject({ aborted: false, endedAfter: null });
      leaving.abort();
    } else await (await reply)?.text().catch(() => undefined);
    return { word, aborted: (await recordOf(`sk-${word}`))?.aborted };
  });
  expect(await Promise.all(endings)).toEqual(words.map((word) => ({ word, aborted: goOn.includes(word) })));
});

describe("a script", () => {
  const play = (script: unknown, signal?: AbortSignal) =>
    ask("sk-scripted", typeof script === "string" ? script : JSON.stringify(script), signal);

  test("is sent byte for byte", async () => {
    const script: Script = {
      status: 418,
      headers: { "X-Test": "yes" },
      chunks: [
        "data: ",
        { base64: Buffer.from([0xf0, 0x9f]).toString("base64") },
        { wait: 20 },
        { base64: "mIA=" },
      ],
    };
    const reply = await play(script);
    expect(reply.status).toBe(418);
    expect(reply.headers.get("x-test")).toBe("yes");
    expect(await reply.text()).toBe("data: 😀");
    expect(await recordOf("sk-scripted")).toMatchObject({ aborted: false });
  });

  test("can break the connection, and leave it open", async () => {
    await expect(play({ chunks: ["x"], end: "destroy" }).then((reply) => reply.text())).rejects.toThrow();
    const leaving = new AbortController();
    const reply = await play({ chunks: ["x"], end: "open" }, leaving.signal);
    await reply.body?.getReader().read();
    leaving.abort();
    await soon(() => expect(standIn.requests.at(-1)?.aborted).toBe(true));
  });

  test.each([
    "no JSON",
    "{}",
    { chunks: [7] },
    { chunks: [{ wait: -1 }] },
    { chunks: [{ wait: 60_001 }] },
    { chunks: Array.from({ length: 5_001 }, () => "") },
    { chunks: ["x".repeat(5_000_000)] },
    { chunks: [], status: 99 },
    { chunks: [], headers: { "a b": "c" } },
    { chunks: [], headers: { a: "c\n" } },
    { chunks: [], end: "never" },
  ])("beyond its bounds is refused (%#)", async (script) => {
    const reply = await play(script);
    expect(reply.status).toBe(400);
    expect(await reply.json()).toMatchObject({ error: { type: "invalid_request_error" } });
  });
});

test("another process sees the requests with one key", async () => {
  await Promise.all([textFor("sk-mine"), textFor("sk-theirs")]);
  const shown = async (headers?: Record<string, string>): Promise<RecordedRequest[]> =>
    (await fetch(`${standIn.url}/__requests`, { ...(headers && { headers }) })).json();
  expect(await shown()).toHaveLength(2);
  expect(await shown({ "x-api-key": "sk-mine" })).toMatchObject([{ apiKey: "sk-mine", aborted: false }]);
});
