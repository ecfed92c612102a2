import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { describePayers, describePayment, describeStopped } from "@/components/reveal/words";
import { fromNdjson, toNdjson } from "@/lib/reveal/ndjson";
import { analyze, runPrompt } from "@/lib/reveal/requests";
import { analyzeBody, MAX_ANALYZE_BYTES, MAX_RUN_BYTES, runBody } from "@/lib/reveal/schema";
import { ApiError } from "@/lib/vault/http/client";

describe("request bodies", () => {
  test("accept a text up to its limit and not beyond", () => {
    expect(runBody.safeParse({ prompt: "x".repeat(20_000) }).success).toBe(true);
    expect(runBody.safeParse({ prompt: "x".repeat(20_001) }).error?.issues[0]?.message).toBe(
      "The prompt has at most 20,000 characters.",
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
  async function serve(status: number, headers: Record<string, string>, lines: string[], cut = false) {
    const server = createServer((_, response) => {
      response.writeHead(status, headers);
      for (const line of lines) response.write(line);
      if (cut) setTimeout(() => response.destroy(), 20);
      else response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closers.push(() => server.close());
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const realFetch = fetch;
    // A page that shows nobody in particular.
    vi.stubGlobal("document", { querySelector: () => null });
    vi.stubGlobal("fetch", (path: string, init: RequestInit) => realFetch(new URL(path, base), init));
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
    for await (const event of runPrompt({ prompt: "x" }, signal)) types.push(event.type);
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
    const error = await failureOf(runPrompt({ prompt: "x" }, signal));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      code: "provider_overloaded",
      message: "Later.",
      source: "team",
    });
  });

  test.each([true, false])("notice a stream without an end (connection cut: %s)", async (cut) => {
    await serve(200, {}, [START], cut);
    expect(await failureOf(runPrompt({ prompt: "x" }, signal))).toMatchObject({ code: "offline", status: 0 });
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
    await expect(analyze({ text: "x" }, signal)).rejects.toMatchObject(expected);
    expect(await failureOf(runPrompt({ prompt: "x" }, signal))).toMatchObject(expected);
  });

  test("throw a sentence for a reply that is none of ours, and for no reply", async () => {
    await serve(502, {}, ["<html>Bad gateway</html>"]);
    await expect(analyze({ text: "x" }, signal)).rejects.toMatchObject({ status: 502, code: "internal" });
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
    await expect(analyze({ text: "x" }, signal)).rejects.toMatchObject({ status: 0, code: "offline" });
  });

  test("throw the abort itself when the person stops", async () => {
    await serve(200, {}, [START]);
    await expect(analyze({ text: "x" }, AbortSignal.abort())).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("the panel's sentences", () => {
  test("say whose key will be used, and who is next", () => {
    expect(describePayers(["user", "team", "env"])).toBe(
      "Your ANTHROPIC_API_KEY will be used. Without it: the team's, then the platform's.",
    );
    expect(describePayers(["env"])).toBe("The platform's ANTHROPIC_API_KEY will be used.");
  });

  test("say who paid, with every token that was sent", () => {
    const usage = {
      input_tokens: 1_000,
      output_tokens: 456,
      cache_creation_input_tokens: 200,
      cache_read_input_tokens: 34,
    };
    expect(describePayment({ source: "user", usage, is_counted: true, cost_usd: null })).toBe(
      "Paid with your key · 1,234 tokens in, 456 out",
    );
    expect(describePayment({ source: "team", usage, is_counted: true, cost_usd: 0.0084 })).toBe(
      "Paid with the team's key · 1,234 tokens in, 456 out · about $0.0084",
    );
    expect(describePayment({ source: "team", usage, is_counted: false, cost_usd: 0.0084 })).toBe(
      "Paid with the team's key · about 1,234 tokens in, about 456 out · about $0.0084",
    );
    expect(describeStopped("team")).toBe("Stopped. What was written until then is billed to the team's key.");
  });
});
