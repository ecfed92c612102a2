import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { startAnswer } from "@/lib/reveal/answer";
import { limitsOf } from "@/lib/reveal/limits";
import { CALLS } from "@/lib/reveal/model";
import { eventsOf, startRun } from "@/lib/reveal/run";
import type { RunEvent } from "@/lib/reveal/types";
import { DEADLINE_MS } from "@/lib/vault-usage/interruption";
import { Meter } from "@/lib/vault-usage/meter";
import type { StandIn } from "../support/anthropic-standin";
import type { Script } from "../support/anthropic-standin/script";
import { eventually } from "../support/eventually.ts";
import { startProvider } from "../support/provider";

// The real SDK against a server that answers, byte for byte, what a test wants.

const MODEL = "claude-sonnet-5-5";
let provider: StandIn;
beforeAll(async () => {
  provider = await startProvider({ pace: 0 });
  vi.spyOn(console, "error").mockImplementation(() => {});
});
afterAll(() => provider.close());
beforeEach(() => {
  provider.requests.length = 0;
});

const frame = (type: string, data: object = {}) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
const START = frame("message_start", { message: { model: "claude-answers", usage: { input_tokens: 5 } } });
const text = (said: string) => frame("content_block_delta", { delta: { text: said } });
const thinking = (said: string) => frame("content_block_delta", { delta: { thinking: said } });
const TOTAL = frame("message_delta", { delta: { stop_reason: "end_turn" }, usage: { output_tokens: 9 } });
const STOP = frame("message_stop");

interface Call {
  key?: string;
  signal?: AbortSignal;
  milliseconds?: number;
}

/** Asks, and reads what comes. */
function ask(script: Partial<Script>, { key = "sk-scripted", signal, milliseconds }: Call = {}) {
  const prompt = JSON.stringify({ chunks: [], ...script });
  const meter = new Meter({ ...CALLS.run, model: MODEL, text: prompt, source: "team" });
  meter.hide(key);
  meter.signal = AbortSignal.any([
    ...(signal ? [signal] : []),
    ...(milliseconds === undefined ? [] : [AbortSignal.timeout(milliseconds)]),
  ]);
  const params = { model: MODEL, max_tokens: 100, messages: [{ role: "user" as const, content: prompt }] };
  const pieces: string[] = [];
  const started = startAnswer(key, params, meter);
  const read = async () => {
    for await (const piece of await started) pieces.push(piece);
  };
  return { meter, pieces, started, read };
}

const isHungUp = () =>
  eventually(() => expect(provider.requests.at(-1)).toMatchObject({ closed: true, aborted: true }));

describe("an answer", () => {
  it("is the text for the reader, without empty pieces", async () => {
    const { read, pieces } = ask({
      chunks: [START, thinking("Hm."), text("One"), text(""), text(" two"), TOTAL, STOP],
    });
    await read();
    expect(pieces).toEqual(["One", " two"]);
    expect(provider.requests.at(-1)).toMatchObject({ stream: true, apiKey: "sk-scripted" });
  });

  it("has its model, its counts and its ending in the meter", async () => {
    const { read, meter } = ask({ chunks: [START, text("One"), TOTAL, STOP] });
    await read();
    expect(meter).toMatchObject({ isSent: true, isDamaged: false, stopReason: "end_turn" });
    expect(meter.model).toBe("claude-answers");
    expect(meter.read()).toMatchObject({ output_tokens: 9, is_counted: false });
  });

  it("counts what is not for the reader", async () => {
    const { read, meter } = ask({ chunks: [START, thinking("x".repeat(100)), text("y".repeat(100)), STOP] });
    await read();
    expect(meter.read().output_tokens).toBe(80);
  });

  it("has begun when its first event comes", async () => {
    const leaving = new AbortController();
    const { started, read, meter } = ask({ chunks: [START], end: "open" }, { signal: leaving.signal });
    await started;
    expect(meter.model).toBe("claude-answers");
    leaving.abort();
    await expect(read()).rejects.toMatchObject({ code: "cancelled" });
    await isHungUp();
  });

  it("is over at its end, whatever follows, and is then hung up on", async () => {
    const { read, pieces } = ask({
      chunks: [START, text("One"), TOTAL, STOP, text("Two")],
      end: "open",
    });
    await read();
    expect(pieces).toEqual(["One"]);
    await isHungUp();
  });

  it("may end with its connection, once it has said why", async () => {
    for (const end of ["close", "destroy"] as const) {
      const { read, meter } = ask({ chunks: [START, text("One"), TOTAL, { wait: 5 }], end });
      await read();
      expect(meter.stopReason).toBe("end_turn");
    }
  });

  it("is over five seconds after it has said why, where nothing else comes, and is then hung up on", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const { read, pieces, meter } = ask({ chunks: [START, text("One"), TOTAL], end: "open" });
    const isOver = vi.fn();
    const over = read().then(isOver);
    while (meter.stopReason === null) await new Promise((resolve) => setImmediate(resolve));
    await vi.advanceTimersByTimeAsync(4_999);
    expect(isOver).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    await over;
    expect(pieces).toEqual(["One"]);
    vi.useRealTimers();
    await isHungUp();
  });

  it("has all its time where a total comes without a reason", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const total = frame("message_delta", { usage: { output_tokens: 9 } });
    const leaving = new AbortController();
    const { signal } = leaving;
    const { read, pieces } = ask({ chunks: [START, total, text("One")], end: "open" }, { signal });
    const broken = read().catch((error) => error);
    while (pieces.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(provider.requests.at(-1)).toMatchObject({ closed: false });
    leaving.abort();
    expect(await broken).toMatchObject({ code: "cancelled" });
  });

  it("is broken off where its connection ends before it has said why, after what came", async () => {
    for (const end of ["close", "destroy"] as const) {
      const { read, pieces } = ask({ chunks: [START, text("One"), { wait: 5 }], end });
      await expect(read()).rejects.toMatchObject({
        code: "provider_unavailable",
        source: "team",
        message: "The answer was interrupted. Try again.",
      });
      expect(pieces).toEqual(["One"]);
    }
  });

  it("fails with an error that comes inside of it, and not with one that comes after its reason", async () => {
    const failed = frame("error", { error: { type: "overloaded_error", message: "Later." } });
    const broken = ask({ chunks: [START, text("One"), failed], end: "open" });
    await expect(broken.read()).rejects.toMatchObject({ error: { error: { type: "overloaded_error" } } });
    await isHungUp();
    const whole = ask({ chunks: [START, text("One"), TOTAL, failed], end: "open" });
    await whole.read();
    expect(whole.pieces).toEqual(["One"]);
    await isHungUp();
  });

  it("fails when its time is over, though it has said why it ends", async () => {
    const { read } = ask({ chunks: [START, TOTAL], end: "open" }, { milliseconds: 300 });
    await expect(read()).rejects.toMatchObject({ code: "provider_timeout" });
  });

  it("has the reason that came first only once it is over", async () => {
    const first = frame("message_start", { message: { stop_reason: "end_turn" } });
    const whole = ask({ chunks: [first, text("One"), STOP] });
    await whole.read();
    expect(whole.meter.stopReason).toBe("end_turn");
    const broken = ask({ chunks: [first, text("One")] });
    await expect(broken.read()).rejects.toMatchObject({ code: "provider_unavailable" });
    expect(broken.meter.stopReason).toBeNull();
  });

  it("goes on where it seems to begin again", async () => {
    const { read, pieces, meter } = ask({ chunks: [START, text("One"), START, text("Two"), TOTAL, STOP] });
    await read();
    expect(pieces).toEqual(["One", "Two"]);
    expect(meter.stopReason).toBe("end_turn");
  });

  it("may have lost a piece", async () => {
    const { read, meter, pieces } = ask({
      chunks: [START, text("One"), "data: {\n\n", text("Two"), TOTAL, STOP],
    });
    await read();
    expect(pieces).toEqual(["One", "Two"]);
    expect(meter.isDamaged).toBe(true);
  });

  it("may begin behind a lost piece, and behind what says nothing", async () => {
    const chunks = ["data: {\n\n", frame("ping"), "data: {\n\n", START, text("One"), TOTAL, STOP];
    const { read, pieces } = ask({ chunks });
    await read();
    expect(pieces).toEqual(["One"]);
  });

  it.each<[string, Script["chunks"]]>([
    ["nothing", []],
    ["a lost piece alone", ["data: {\n\n"]],
    ["text", [text("One")]],
    ["its end", [STOP]],
  ])("is none where it begins with %s, and is hung up on", async (_, chunks) => {
    const { started } = ask({ chunks, end: chunks.includes(STOP) ? "open" : "close" });
    await expect(started).rejects.toMatchObject({ code: "provider_bad_answer", source: "team" });
    if (chunks.includes(STOP)) await isHungUp();
  });

  it("that is refused is hung up on, and was not sent as far as the bill goes", async () => {
    const body = JSON.stringify({ type: "error", error: { type: "billing_error" } });
    const headers = { "Content-Type": "application/json" };
    const refused = ask({ status: 402, headers, chunks: [body] });
    await expect(refused.started).rejects.toMatchObject({ status: 402 });
    expect(refused.meter.isSent).toBe(false);
    const lost = ask({ status: 502, headers, chunks: [body] });
    await expect(lost.started).rejects.toMatchObject({ status: 502 });
    expect(lost.meter.isSent).toBe(true);
  });
});

describe("the limits of a call", () => {
  it("say who or what ended it", async () => {
    const limits = limitsOf(new AbortController().signal);
    expect(limits.interruption()).toBeUndefined();
    limits.end();
    expect(limits.signal.aborted).toBe(true);
    expect(limits.interruption()).toBeUndefined();
    expect(limitsOf(AbortSignal.abort()).interruption()).toMatchObject({ code: "cancelled" });
  });

  it("leave the route, which has 300 seconds, time for the error", () => {
    expect(DEADLINE_MS).toBeLessThan(300_000);
  });
});

describe("a run", () => {
  const start = async (script: Partial<Script>) => {
    const prompt = JSON.stringify({ chunks: [], ...script });
    const meter = new Meter({ ...CALLS.run, model: MODEL, text: prompt, source: "team" });
    return eventsOf(await startRun(prompt, "sk-scripted", meter), meter);
  };

  it("names the model that answers, and says when to try again", async () => {
    const failed = frame("error", { error: { type: "rate_limit_error", message: "Later." } });
    const headers = { "Content-Type": "text/event-stream", "retry-after": "7" };
    const events: RunEvent[] = [];
    for await (const event of await start({ headers, chunks: [START, text("One"), failed] }))
      events.push(event);
    expect(events).toEqual([
      { type: "start", source: "team", model: "claude-answers" },
      { type: "text", text: "One" },
      {
        type: "error",
        problem: {
          status: 429,
          code: "provider_rate_limited",
          detail:
            "Anthropic's rate limit for the team's key has been reached for now. Try again in 7 seconds.",
          source: "team",
          retry_after: 7,
        },
      },
    ]);
  });

  it.each([2])("that is left after %i events hangs up on the provider", async (count) => {
    const events = await start({ chunks: [START, text("One")], end: "open" });
    for (let read = 0; read < count; read++) await events.next();
    await events.return(undefined);
    await isHungUp();
  });
});
