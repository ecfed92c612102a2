import { APIError } from "@anthropic-ai/sdk/error";
import { describe, expect, it } from "vitest";
import { type AnswerEvent, readAnswer } from "@/lib/reveal/answer-events";

const STREAM = "text/event-stream; charset=utf-8";

/** What an answer says, read from a body that arrives in these pieces. */
async function eventsOf(pieces: (string | Uint8Array)[], type?: string): Promise<AnswerEvent[]> {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces)
        controller.enqueue(typeof piece === "string" ? new TextEncoder().encode(piece) : piece);
      controller.close();
    },
  });
  const response = new Response(body, {
    headers: { ...(type && { "content-type": type }), "x-sent-by": "us" },
  });
  const events: AnswerEvent[] = [];
  for await (const event of readAnswer(response, "team")) events.push(event);
  return events;
}

const failureOf = (work: Promise<unknown>): Promise<APIError> =>
  work.then(
    () => expect.unreachable("it should have failed"),
    (error) => error,
  );

const frame = (type: string, data: object) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
const unnamed = (data: unknown) => `data: ${JSON.stringify(data)}\n\n`;
const written = (text: string, isShown = true) => ({ type: "written", text, isShown });
const total = (usage: unknown = {}, stopReason?: unknown) => ({ type: "total", usage, stopReason });
const END = { type: "end" };

const MESSAGE = { model: "m", content: [], usage: { input_tokens: 5 } };
const WHOLE = [
  frame("message_start", { message: MESSAGE }),
  frame("content_block_start", { content_block: { type: "thinking", thinking: "Hm" } }),
  frame("content_block_delta", { delta: { type: "thinking_delta", thinking: ", well" } }),
  frame("content_block_start", { content_block: { type: "text", text: "First. " } }),
  frame("ping", {}),
  frame("content_block_delta", { delta: { type: "text_delta", text: "Ça va 👩🏽‍💻" } }),
  frame("content_block_delta", { delta: { type: "input_json_delta", partial_json: '{"a":' } }),
  frame("content_block_stop", { index: 0 }),
  frame("message_delta", { delta: { stop_reason: "end_turn" }, usage: { output_tokens: 9 } }),
  frame("message_stop", {}),
];
const READ = [
  { type: "begin", message: MESSAGE },
  written("Hm", false),
  written(", well", false),
  written("First. "),
  written("Ça va 👩🏽‍💻"),
  written('{"a":', false),
  total({ output_tokens: 9 }, "end_turn"),
  total(),
  END,
];

describe("a stream", () => {
  it("says how it begins, what is written for whom, what was used, and that it is over", async () => {
    expect(await eventsOf(WHOLE, STREAM)).toEqual(READ);
  });

  it("says the same wherever its pieces end, inside a character too", async () => {
    const bytes = new TextEncoder().encode(WHOLE.join(""));
    for (const size of [1, 7, bytes.length]) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.slice(index * size, (index + 1) * size),
      );
      expect(await eventsOf(pieces, STREAM)).toEqual(READ);
    }
  });

  it("is read by the types in its data where its events have no names, and by their names otherwise", async () => {
    expect(await eventsOf([WHOLE.join("").replace(/^event: .*\n/gm, "")], STREAM)).toEqual(READ);
    expect(
      await eventsOf([WHOLE.join("").replace(/"type":"(message|content|ping)\w*",?/g, "")], STREAM),
    ).toEqual(READ);
  });

  it("is what reads like one, whatever its type says", async () => {
    for (const type of [
      undefined,
      "text/plain",
      "application/octet-stream",
      "application/x-ndjson",
      // Wrong ones.
      "application/json",
      "text/html",
    ])
      expect(await eventsOf(WHOLE, type)).toEqual(READ);
  });

  it("is read by the names of its events where the types in its data are none", async () => {
    for (const type of [null, "", 5, {}]) {
      const piece = `event: message_stop\ndata: ${JSON.stringify({ type, error: null })}\n\n`;
      expect(await eventsOf([piece], STREAM)).toEqual([total(), END]);
    }
  });

  it("may have an error in the data of another event, which is none of its own", async () => {
    const piece = frame("content_block_delta", { delta: { text: "a" }, error: "none" });
    expect(await eventsOf([piece], STREAM)).toEqual([written("a")]);
  });

  it("may begin with text", async () => {
    const message = { content: [{ type: "text", text: "Hi" }, null, { thinking: "Hm" }] };
    expect(await eventsOf([frame("message_start", { message })], STREAM)).toEqual([
      { type: "begin", message },
      written("Hi"),
      written("Hm", false),
    ]);
  });

  it("may have its totals in any place", async () => {
    const usage = { output_tokens: 9 };
    for (const data of [
      { delta: { usage, stop_reason: "end_turn" } },
      { usage, stop_reason: "end_turn" },
      { usage, delta: { usage: {}, stop_reason: "end_turn" }, stop_reason: "refusal" },
    ]) {
      expect(await eventsOf([frame("message_delta", data)], STREAM)).toEqual([total(usage, "end_turn")]);
      expect(await eventsOf([frame("message_stop", data)], STREAM)).toEqual([total(usage, "end_turn"), END]);
    }
  });

  it("is over at [DONE]", async () => {
    expect(await eventsOf(["data: [DONE]\n\n"], STREAM)).toEqual([END]);
  });

  it("ends where the connection does", async () => {
    expect(await eventsOf(WHOLE.slice(0, 4), STREAM)).toEqual(READ.slice(0, 4));
    expect(await eventsOf([], STREAM)).toEqual([]);
  });

  it("has lost a piece where its data is no JSON", async () => {
    const pieces = [
      unnamed({ type: "content_block_delta", delta: { text: "a" } }),
      'data: {"type":"content_blo\n\n',
    ];
    expect(await eventsOf(pieces, STREAM)).toEqual([written("a"), { type: "damage" }]);
  });

  it("has lost nothing where there is no data, or data of no meaning", async () => {
    const pieces = ["event: ping\ndata:\n\n", "event: message_stop\ndata:\n\n", ": a comment\n\n"];
    for (const data of [null, 5, "text", [], {}, { type: "new_thing", text: "a" }, { type: 5 }])
      pieces.push(unnamed(data));
    expect(await eventsOf(pieces, STREAM)).toEqual([]);
  });

  it.each([[undefined], [null], [5], [[]], [{ text: 5, thinking: {}, partial_json: null }]])(
    "has no text in %j",
    async (odd) => {
      const pieces = [
        frame("content_block_start", { content_block: odd }),
        frame("content_block_delta", { delta: odd }),
        frame("message_start", { message: { content: odd } }),
      ];
      expect(await eventsOf(pieces, STREAM)).toEqual([
        { type: "begin", message: odd === undefined ? {} : { content: odd } },
      ]);
    },
  );

  const error = { type: "overloaded_error", message: "Later." };
  it.each([
    ["an event", frame("error", { error }), { type: "error", error }],
    ["data without a name", unnamed({ type: "error", error }), { type: "error", error }],
    ["a name without a type", `event: error\n${unnamed({ error })}`, { error }],
    ["data without a name and a type", unnamed({ error }), { error }],
    ["a text", 'event: error\ndata: "overloaded"\n\n', Object("overloaded")],
    ["a page", "event: error\ndata: <html>502</html>\n\n", Object("<html>502</html>")],
    ["data without a name or a type", unnamed({ error }), { error }],
    ["nothing", "event: error\ndata:\n\n", Object("")],
  ])("fails with the error that is %s in it", async (_, piece, body) => {
    const failure = await failureOf(eventsOf([...WHOLE.slice(0, 3), piece], STREAM));
    expect(failure).toBeInstanceOf(APIError);
    expect(failure.error).toEqual(body);
    // The answer's own status was a success.
    expect(failure.status).toBeUndefined();
    expect(failure.headers?.get("x-sent-by")).toBe("us");
  });
});

describe("a whole message", () => {
  const message = {
    type: "message",
    content: [{ type: "text", text: "Hi" }, { thinking: "Hm" }, { text: " there" }],
    usage: { input_tokens: 5 },
    stop_reason: "end_turn",
  };

  it.each([
    "application/json",
    "application/json; charset=utf-8",
    "text/plain",
    "text/event-stream",
    "text/html",
  ])("says the same as a stream (%s)", async (type) => {
    expect(await eventsOf([JSON.stringify(message)], type)).toEqual([
      { type: "begin", message },
      written("Hi"),
      written("Hm", false),
      written(" there"),
      total({ input_tokens: 5 }, "end_turn"),
      END,
    ]);
  });

  it.each([
    [{ type: "error", error: { type: "overloaded_error" } }],
    [{ type: "error" }],
    [{ error: { code: 500 }, content: [] }],
    [{ error: "overloaded" }],
  ])("that is an error fails with it (%j)", async (body) => {
    const failure = await failureOf(eventsOf([JSON.stringify(body)], "application/json"));
    expect(failure).toBeInstanceOf(APIError);
    expect(failure.error).toEqual(body);
    expect(failure.status).toBeUndefined();
  });

  it("may have its text by itself, and come as one event", async () => {
    const plain = { content: "Hi", stop_reason: "end_turn" };
    const ended = { type: "total", usage: undefined, stopReason: "end_turn" };
    const read = [written("Hi"), ended, END];
    expect(await eventsOf([" \n", JSON.stringify(plain)], "application/json")).toEqual([
      { type: "begin", message: plain },
      ...read,
    ]);
    const event = { type: "message", ...plain };
    expect(await eventsOf([unnamed(event)], STREAM)).toEqual([{ type: "begin", message: event }, ...read]);
  });

  it("may have an empty error beside its text", async () => {
    const events = await eventsOf([JSON.stringify({ ...message, error: {} })], "application/json");
    expect(events).toContainEqual(written("Hi"));
  });

  it("that breaks off is an answer that did", async () => {
    const failure = await failureOf(eventsOf(['{"content":[{"text":"Hi'], "application/json"));
    expect(failure).toMatchObject({ code: "provider_unavailable", source: "team" });
  });

  it.each(["[]", "{}", '{"content":{}}', '{"error":null}'])("that is none is unclear (%s)", async (body) => {
    const failure = await failureOf(eventsOf([body], "application/json"));
    expect(failure).toMatchObject({ code: "provider_unclear", source: "team" });
  });
});

describe("a page", () => {
  it.each(["text/html", "application/json", STREAM])("is unclear (%s)", async (type) => {
    expect(await failureOf(eventsOf(["\n<!doctype", " html>"], type))).toMatchObject({
      code: "provider_unclear",
      source: "team",
    });
  });
});
