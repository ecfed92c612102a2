import { APP_URL } from "../../support/ports";
import { startWebhookReceiver, verified } from "../../support/webhook-receiver";
import { expect, receivedWith, test } from "../fixtures";
import { as, expectOk, JSON_TYPE, post } from "./client";
import {
  type AnalysisResult,
  COUNTED,
  ESTIMATE,
  endedRuns,
  expectClosed,
  PROMPT,
  personWith,
  type RunResult,
  runEach,
  tryEach,
} from "./provider";

// How an answer ends: the same words for a run, for an analysis, in the ledger and to a webhook.

type Ending = [status: string, stopReason: string | null];

/** How each of these ends, for the person; `tryEach` compares that with the ledger. */
async function endingsOf(everyWords: string[]) {
  const tried = await tryEach(everyWords);
  return tried.map(({ words, run, analysis }) => ({
    words,
    run: endingOf(run),
    analysis: endingOf(analysis),
    entered: analysis.row.stop_reason,
  }));
}

const endingOf = ({ done, problem }: Pick<RunResult | AnalysisResult, "done" | "problem">) =>
  done ? [done.status, done.stop_reason] : [problem?.code];

const WHOLE: Record<string, Ending> = {
  usual: ["completed", "end_turn"],
  "reason-sequence": ["completed", "stop_sequence"],
  "reason-openai-end": ["completed", "end_turn"],
  "no-stop": ["completed", "end_turn"],
  "left-open": ["completed", "end_turn"],
  "after-stop": ["completed", "end_turn"],
  "done-marker": ["completed", "end_turn"],
  streamless: ["completed", "end_turn"],
  "reason-max-tokens": ["provider_cut_off", "max_tokens"],
  "reason-window": ["provider_cut_off", "model_context_window_exceeded"],
  "reason-openai-length": ["provider_cut_off", "max_tokens"],
  "reason-pause": ["provider_incomplete", "pause_turn"],
  "reason-tool": ["provider_incomplete", "tool_use"],
  "reason-openai-tools": ["provider_incomplete", "tool_use"],
  "reason-unknown": ["provider_incomplete", "other"],
  "reason-object": ["provider_incomplete", "other"],
  "reason-null": ["provider_incomplete", null],
  "reason-missing": ["provider_incomplete", null],
  "reason-empty": ["provider_incomplete", null],
  "final-bare": ["provider_incomplete", null],
  "final-none": ["provider_incomplete", null],
};

test("an answer that is there is given with how it ended", async () => {
  expect(await endingsOf(Object.keys(WHOLE))).toEqual(
    Object.entries(WHOLE).map(([words, ending]) => ({
      words,
      run: ending,
      analysis: ending,
      entered: ending[1],
    })),
  );
});

test("a model that declines ends a run with what it wrote, and gives no analysis", async () => {
  const words = ["declined", "reason-openai-filter", "half-refusal", "declined-streamless"];
  expect(await endingsOf(words)).toEqual(
    words.map((words) => ({
      words,
      run: ["provider_declined", "refusal"],
      analysis: ["provider_declined"],
      entered: "refusal",
    })),
  );
});

test("an analysis that cannot be read is the problem of its ending", async () => {
  const problems = {
    badjson: "provider_bad_answer",
    "badjson-reason-max-tokens": "provider_cut_off",
    "badjson-reason-window": "provider_cut_off",
    "badjson-reason-pause": "provider_incomplete",
    "badjson-final-none": "provider_incomplete",
  };
  const seen = (await endingsOf(Object.keys(problems))).map(({ words, analysis }) => [words, analysis]);
  expect(seen).toEqual(Object.entries(problems).map(([words, code]) => [words, [code]]));
});

/** Problems after which nothing comes, though a part of the answer is there. */
const BROKEN: Record<string, string> = {
  cut: "provider_unavailable",
  unfinished: "provider_unavailable",
  // What the message says of its end when it begins is no end.
  "early-reason-cut": "provider_unavailable",
  "early-reason-unfinished": "provider_unavailable",
  errorevent: "provider_overloaded",
  "error-mid-open": "provider_overloaded",
  "error-without-name": "provider_overloaded",
  "nameless-mid": "provider_no_credit",
  "error-as-text": "provider_unavailable",
  "error-as-html": "provider_unavailable",
};

test("an answer that breaks off is the problem of what broke it, after the text that came", async () => {
  const [usual, ...broken] = await tryEach(["usual", ...Object.keys(BROKEN)]);
  const whole = usual?.run.text ?? "";
  const seen = broken.map(({ words, run, analysis }) => {
    expect(whole.startsWith(run.text), words).toBe(true);
    const share = run.text.length / whole.length;
    // The last pieces before a connection breaks may be lost with it.
    const hasText = words.endsWith("cut") ? share < 0.6 : share > 0.4 && share < 0.6;
    return [words, run.problem?.code, analysis.problem?.code, hasText];
  });
  expect(seen).toEqual(Object.entries(BROKEN).map(([words, code]) => [words, code, code, true]));
});

test("what a gateway says of the end in the beginning counts once the answer is over", async () => {
  const [seen] = await endingsOf(["early-reason-final-none"]);
  expect(seen).toMatchObject({ run: ["completed", "end_turn"], analysis: ["completed", "end_turn"] });
});

test("a line that is damaged takes nothing else away, and the answer is not called complete", async () => {
  const [usual, damaged] = await tryEach(["usual", "junk-line"]);
  expect(damaged?.run.text).toBe(usual?.run.text);
  for (const result of [damaged?.run, damaged?.analysis]) {
    expect(result?.done).toMatchObject({ status: "provider_incomplete", stop_reason: "end_turn" });
  }
});

test("the connection is closed once the answer has its end, also where the provider holds it open", async () => {
  for (const { key } of await runEach(["left-open", "error-mid-open"])) {
    expect(await receivedWith(key)).toMatchObject([{ aborted: true }]);
  }
});

/** A run that its person can leave. */
const run = (cookie: string, signal: AbortSignal) =>
  fetch(`${APP_URL}/api/reveal/run`, {
    method: "POST",
    headers: { ...JSON_TYPE, Cookie: cookie },
    body: JSON.stringify({ prompt: PROMPT }),
    signal,
  });

test("pieces without end and without a beginning are no answer, or end when the person leaves", async () => {
  const person = await personWith("endless-pieces");
  const leaving = new AbortController();
  const reply = await run(person.cookie, leaving.signal);
  if (reply.ok) await reply.body?.getReader().read();
  else expect(await reply.json()).toMatchObject({ code: "provider_bad_answer" });
  leaving.abort();
  await expectClosed(person.key, 1);
  expect(await receivedWith(person.key)).toMatchObject([{ aborted: true }]);
  const { rows } = await endedRuns(person, 1);
  expect(rows).toMatchObject([{ input_tokens: ESTIMATE, is_counted: false, cost_exact: false }]);
});

test("a person who leaves ends a stream that has fallen silent", async () => {
  const person = await personWith("hushed");
  const leaving = new AbortController();
  const reply = await run(person.cookie, leaving.signal);
  const reader = reply.body?.getReader();
  let read = "";
  while (!read.includes('"type":"text"')) read += new TextDecoder().decode((await reader?.read())?.value);
  leaving.abort();
  await expectClosed(person.key, 1);
  expect(await receivedWith(person.key)).toMatchObject([{ aborted: true }]);
  const { rows } = await endedRuns(person, 1);
  expect(rows).toMatchObject([
    { status: "cancelled", stop_reason: null, input_tokens: COUNTED, is_counted: false },
  ]);
  expect(rows[0]?.output_tokens).toBeGreaterThan(1);
});

test("a webhook hears of a completed run only where the answer is complete", async () => {
  const endings = {
    usual: ["reveal.completed", "completed", "end_turn"],
    "reason-max-tokens": ["reveal.failed", "provider_cut_off", "max_tokens"],
    declined: ["reveal.failed", "provider_declined", "refusal"],
    "final-none": ["reveal.failed", "provider_incomplete", null],
    cut: ["reveal.failed", "provider_unavailable", null],
  };
  const seen = await Promise.all(
    Object.keys(endings).map(async (word) => {
      const receiver = await startWebhookReceiver();
      const person = await personWith(word);
      // Not of the key, which has just been stored.
      const webhook = { url: receiver.url, events: ["reveal.completed", "reveal.failed"] };
      const { secret } = expectOk(await as(person)("/api/webhooks", post(webhook)), 201);
      await as(person)("/api/reveal/run", post({ prompt: PROMPT }));
      const [request] = await receiver.waitFor(1);
      if (!request) throw new Error("Nothing came.");
      const { type, data } = verified(secret, request);
      await receiver.close();
      return [word, [type, data.status, data.stop_reason]];
    }),
  );
  expect(seen).toEqual(Object.entries(endings));
});
