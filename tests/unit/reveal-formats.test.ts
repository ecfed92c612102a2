import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { describePayers } from "@/components/reveal/words";
import { fromNdjson, NDJSON_HEADERS, toNdjson } from "@/lib/reveal/ndjson";
import { analyze, runPrompt } from "@/lib/reveal/requests";
import { analysis, analyzeBody, MAX_ANALYZE_BYTES, MAX_RUN_BYTES, runBody } from "@/lib/reveal/schema";
import { ApiError } from "@/lib/vault/http/client";
import { KEY_RESULTS } from "@/lib/vault-usage/types";

const ID = "0b6f4c1e-7d5a-4c0f-9b3e-2f1d6a8c9e01";

describe("request bodies", () => {
  test("accept a text up to its limit and not beyond", () => {
    expect(runBody.safeParse({ prompt: "x".repeat(20_000) }).success).toBe(true);
    expect(runBody.safeParse({ prompt: "x".repeat(20_001) }).error?.issues[0]?.message).toBe(
      "The prompt can have at most 20,000 characters.",
    );
    expect(analyzeBody.safeParse({ text: "x".repeat(200_000) }).success).toBe(true);
    expect(analyzeBody.safeParse({ text: "x".repeat(200_001) }).success).toBe(false);
  });

  test("refuse what is empty, broken or unknown", () => {
    for (const prompt of ["", " \n\t", "half a pair: \ud83d", 7, null, undefined]) {
      expect(runBody.safeParse({ prompt }).success).toBe(false);
    }
    expect(runBody.safeParse({ prompt: "x", user_id: "someone" }).success).toBe(false);
    expect(runBody.safeParse({ prompt: "x", team_id: "1 or 1=1" }).success).toBe(false);
  });

  test("fit into the byte limits however they are written as JSON", () => {
    const team_id = crypto.randomUUID();
    const escaped = (name: string, chars: number) =>
      `{ "${name}": "${"\\u00e9".repeat(chars)}", "team_id": "${team_id}" }`;
    expect(Buffer.byteLength(escaped("prompt", 20_000))).toBeLessThanOrEqual(MAX_RUN_BYTES);
    expect(Buffer.byteLength(escaped("text", 200_000))).toBeLessThanOrEqual(MAX_ANALYZE_BYTES);
  });

  test("name a layer and a team, or none", () => {
    const team_id = crypto.randomUUID();
    for (const source of ["user", "team", "env", undefined]) {
      expect(runBody.safeParse({ prompt: "x", source, team_id }).success).toBe(true);
      expect(analyzeBody.safeParse({ text: "x", source }).success).toBe(true);
    }
    for (const source of ["", "platform", null, ["user"]])
      expect(runBody.safeParse({ prompt: "x", source }).success).toBe(false);
  });

  test.each([
    [7, "The text must be text."],
    ["x".repeat(200_001), "The text can have at most 200,000 characters."],
    [" \n", "The text is empty."],
    ["half a pair: \ud83d", "The text contains broken characters. Copy it again."],
  ])("say what is wrong with them (%#)", (text, message) => {
    expect(analyzeBody.safeParse({ text }).error?.issues.map((issue) => issue.message)).toEqual([message]);
  });

  test("say which layers there are", () => {
    const { error } = analyzeBody.safeParse({ text: "x", source: "other" });
    expect(error?.issues[0]?.message).toBe("source must be user, team, or env.");
  });
});

describe("an analysis", () => {
  const finding = { title: "Numbers", explanation: "They differ.", quote: "One. Two." };
  const whole = { title: "A text", summary: "It says so.", findings: [finding], open_questions: ["Why?"] };

  test("may have no findings and no open questions", () => {
    expect(analysis.parse(whole)).toEqual(whole);
    const least = { ...whole, findings: [], open_questions: [] };
    expect(analysis.parse(least)).toEqual(least);
  });

  test.each([
    ...["title", "summary", "findings", "open_questions"].flatMap((name) => [
      { ...whole, [name]: undefined },
      { ...whole, [name]: "" },
    ]),
    ...["title", "explanation", "quote"].flatMap((name) => [
      { ...whole, findings: [finding, { ...finding, [name]: undefined }] },
      { ...whole, findings: [finding, { ...finding, [name]: "" }] },
    ]),
    { ...whole, open_questions: ["Why?", ""] },
    {},
    undefined,
  ])("has all of its members, none empty (%#)", (odd) => {
    expect(analysis.safeParse(odd).success).toBe(false);
  });

  test("has each of its members explained to the model", () => {
    type Member = { description?: string; properties?: Record<string, Member>; items?: Member };
    const { properties: whole = {} } = z.toJSONSchema(analysis) as Member;
    const part = whole.findings?.items?.properties ?? {};
    expect(Object.keys(whole)).toEqual(["title", "summary", "findings", "open_questions"]);
    expect(Object.keys(part)).toEqual(["title", "explanation", "quote"]);
    for (const { description } of [...Object.values(whole), ...Object.values(part)])
      expect(description).toMatch(/^(What|The|Why) \w+/);
    expect(part.quote?.description).toMatch(/copied from the text character by character/);
  });
});

describe("newline-delimited JSON", () => {
  async function* generate<T>(items: T[]) {
    yield* items;
  }

  test("comes back as it went in, wherever the chunks end", async () => {
    const events = fc.array(fc.record({ type: fc.string(), text: fc.string({ unit: "grapheme" }) }));
    await fc.assert(
      fc.asyncProperty(events, fc.integer({ min: 1, max: 9 }), async (sent, size) => {
        const bytes = new Uint8Array(await new Response(toNdjson(generate(sent), () => {})).arrayBuffer());
        const body = new ReadableStream<Uint8Array>({
          start(controller) {
            for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
            controller.close();
          },
        });
        const received = [];
        for await (const event of fromNdjson(body)) received.push(event);
        expect(received).toEqual(sent);
      }),
      { numRuns: 100 },
    );
  });

  test("may have empty lines, and none after the last event", async () => {
    const body = new Response('\n{"a":1}\n\n\n{"a":2}\n{"a":3}').body;
    const received = [];
    if (body) for await (const event of fromNdjson(body)) received.push(event);
    expect(received).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
  });

  test("fails for a line that is none, also for the last", async () => {
    for (const text of ['{"a":1}\nno\n', '{"a":1}\n{"a"']) {
      const { body } = new Response(text);
      const events = body && fromNdjson(body);
      expect(await events?.next()).toEqual({ done: false, value: { a: 1 } });
      await expect(events?.next()).rejects.toThrow(SyntaxError);
    }
  });

  test("that nobody reads on is given up", async () => {
    const cancel = vi.fn();
    const start = (controller: ReadableStreamDefaultController) =>
      controller.enqueue(new TextEncoder().encode('{"a":1}\n{"a":2}\n'));
    for await (const _ of fromNdjson(new ReadableStream({ start, cancel }))) break;
    expect(cancel).toHaveBeenCalledOnce();
  });

  test("is neither stored nor held back on its way", () => {
    const headers = new Headers(NDJSON_HEADERS);
    expect(headers.get("content-type")).toMatch(/^application\/x-ndjson\b/);
    expect(headers.get("cache-control")).toMatch(/\bno-store\b/);
    expect(headers.get("x-accel-buffering")).toBe("no");
  });

  test("asks for the next event only when it is read, and tells when the reader leaves", async () => {
    let made = 0;
    async function* endless() {
      for (;;) yield ++made;
    }
    const onCancel = vi.fn();
    const reader = toNdjson(endless(), onCancel).getReader();
    await reader.read();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(made).toBeLessThanOrEqual(3);
    await reader.cancel();
    expect(onCancel).toHaveBeenCalledOnce();
  });
});

describe("the page's calls", () => {
  const closers: (() => void)[] = [];
  afterEach(() => {
    vi.unstubAllGlobals();
    for (const close of closers.splice(0)) close();
  });

  /** A server that gives one answer, for `fetch` with an address that begins with a slash, as in a browser. */
  async function serve(
    status: number,
    headers: Record<string, string>,
    lines: string[],
    ending: "end" | "cut" | "open" = "end",
  ) {
    const requests: string[] = [];
    const server = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      requests.push(`${request.method} ${request.url} ${body}`);
      response.writeHead(status, headers);
      for (const line of lines) response.write(line);
      if (ending === "cut") setTimeout(() => response.destroy(), 20);
      if (ending === "end") response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closers.push(() => {
      server.close();
      server.closeAllConnections();
    });
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const realFetch = fetch;
    // A page that shows nobody in particular.
    vi.stubGlobal("document", { querySelector: () => null });
    vi.stubGlobal("fetch", (path: string, init: RequestInit) => realFetch(new URL(path, base), init));
    return requests;
  }

  const signal = new AbortController().signal;
  const failureOf = async (events: AsyncIterable<unknown>) => {
    try {
      for await (const _ of events);
    } catch (error) {
      return error;
    }
    return undefined;
  };
  const START = '{"type":"start","source":"user","model":"m"}\n';

  test("give the events up to the last one", async () => {
    await serve(200, {}, [
      START,
      '{"type":"text","text":"Hi"}\n{"type":"do',
      'ne","stop_reason":"end_turn"}\n',
    ]);
    const types = [];
    for await (const event of runPrompt({ id: ID, prompt: "x" }, signal)) types.push(event.type);
    expect(types).toEqual(["start", "text", "done"]);
  });

  test("throw the error that a stream ends with", async () => {
    const problem = {
      status: 503,
      code: "provider_overloaded",
      detail: "Later.",
      source: "team",
      retry_after: 3,
    };
    await serve(200, {}, [START, `${JSON.stringify({ type: "error", problem })}\n`]);
    const error = await failureOf(runPrompt({ id: ID, prompt: "x" }, signal));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      code: "provider_overloaded",
      message: "Later.",
      source: "team",
    });
  });

  test.each(["cut", "end"] as const)("notice a stream without an end (connection: %s)", async (ending) => {
    await serve(200, {}, [START], ending);
    expect(await failureOf(runPrompt({ id: ID, prompt: "x" }, signal))).toMatchObject({
      code: "offline",
      status: 0,
      message: "The connection was lost before the answer was complete. Try again.",
    });
  });

  test("go to their routes, with what they are about", async () => {
    const requests = await serve(200, {}, ['{"type":"done"}\n']);
    expect(await analyze({ id: ID, text: "One.", source: "team" }, signal)).toEqual({ type: "done" });
    expect(await failureOf(runPrompt({ id: ID, prompt: "Two?" }, signal))).toBeUndefined();
    expect(requests).toEqual([
      `POST /api/reveal/analyze {"id":"${ID}","text":"One.","source":"team"}`,
      `POST /api/reveal/run {"id":"${ID}","prompt":"Two?"}`,
    ]);
  });

  test("notice a reply without a body, and one that is cut off", async () => {
    const closed = { code: "offline", status: 0 };
    await serve(204, {}, []);
    expect(await failureOf(runPrompt({ id: ID, prompt: "x" }, signal))).toMatchObject(closed);
    await serve(200, {}, ['{"result":'], "cut");
    await expect(analyze({ id: ID, text: "x" }, signal)).rejects.toMatchObject(closed);
  });

  test("throw what a problem reply says", async () => {
    const problem = { code: "provider_rate_limited", detail: "Wait.", source: "user" };
    await serve(429, {}, [JSON.stringify(problem)]);
    const expected = {
      status: 429,
      code: "provider_rate_limited",
      message: "Wait.",
      source: "user",
    };
    await expect(analyze({ id: ID, text: "x" }, signal)).rejects.toMatchObject(expected);
    expect(await failureOf(runPrompt({ id: ID, prompt: "x" }, signal))).toMatchObject(expected);
  });

  test("throw a sentence for a reply that is none of ours, and for no reply", async () => {
    await serve(502, {}, ["<html>Bad gateway</html>"]);
    await expect(analyze({ id: ID, text: "x" }, signal)).rejects.toMatchObject({
      status: 502,
      code: "internal",
    });
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
    await expect(analyze({ id: ID, text: "x" }, signal)).rejects.toMatchObject({
      status: 0,
      code: "offline",
    });
  });

  test("throw the abort itself when the person stops", async () => {
    await serve(200, {}, [START], "open");
    await expect(analyze({ id: ID, text: "x" }, AbortSignal.abort())).rejects.toMatchObject({
      name: "AbortError",
    });
    const leaving = new AbortController();
    const events = runPrompt({ id: ID, prompt: "x" }, leaving.signal);
    await events.next();
    leaving.abort();
    expect(await failureOf(events)).toMatchObject({ name: "AbortError" });
    const stopping = new AbortController();
    const fetching = fetch;
    vi.stubGlobal("fetch", async (...request: Parameters<typeof fetch>) => {
      const response = await fetching(...request);
      setImmediate(() => stopping.abort());
      return response;
    });
    await expect(analyze({ id: ID, text: "x" }, stopping.signal)).rejects.toMatchObject({
      name: "AbortError",
    });
  });
});

describe("what a run says about its key", () => {
  test.each([
    ["completed", "worked"],
    ["provider_cut_off", "worked"],
    ["provider_declined", "worked"],
    ["provider_incomplete", "worked"],
    ["provider_refused_key", "refused"],
    ["provider_no_credit", "no_credit"],
    // The provider may not have looked at it.
    ["started", undefined],
    ["cancelled", undefined],
    ["internal", undefined],
    ["provider_overloaded", undefined],
    ["provider_rate_limited", undefined],
    ["provider_unclear", undefined],
  ])("is, where it ended with %s: %s", (status, result) => {
    expect(KEY_RESULTS.get(status)).toBe(result);
  });
});

describe("the panel's sentences", () => {
  test("say whose key will be used, and who is next", () => {
    expect(describePayers(["user", "team", "env"])).toBe(
      "Your ANTHROPIC_API_KEY will be used. Without it: the team's, then the platform's.",
    );
    expect(describePayers(["env"])).toBe("The platform's ANTHROPIC_API_KEY will be used.");
  });
});
