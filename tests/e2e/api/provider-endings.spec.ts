import { APP_URL } from "../../support/ports";
import { startWebhookReceiver, verified } from "../../support/webhook-receiver";
import { expect, receivedWith, test } from "../fixtures";
import { as, expectOk, JSON_TYPE, post } from "./client";
import {
  COUNTED,
  ESTIMATE,
  endedRuns,
  expectClosed,
  PROMPT,
  personWith,
  tryProvider,
  tryRun,
} from "./provider";

// How an answer ends: the same words for a run, for an analysis, in the ledger and to a webhook.

type Ending = [status: string, stopReason: string | null];

/** `tryProvider` compares each with its row. */
async function endingsOf(word: string) {
  const { run, analysis } = await tryProvider(word);
  const ofRun = run.done ? [run.done.status, run.done.stop_reason] : [run.problem?.code, "problem"];
  const ofAnalysis = analysis.done
    ? [analysis.done.status, analysis.done.stop_reason]
    : [analysis.problem?.code, "problem"];
  return { word, run: ofRun, analysis: ofAnalysis, wasEntered: analysis.row.stop_reason };
}

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
  const seen = await Promise.all(Object.keys(WHOLE).map(endingsOf));
  expect(seen).toEqual(
    Object.entries(WHOLE).map(([word, ending]) => ({
      word,
      run: ending,
      analysis: ending,
      wasEntered: ending[1],
    })),
  );
});

test("a model that declines ends a run with what it wrote, and gives no analysis", async () => {
  const words = ["declined", "reason-openai-filter", "half-refusal", "declined-streamless"];
  const seen = await Promise.all(words.map(endingsOf));
  expect(seen).toEqual(
    words.map((word) => ({
      word,
      run: ["provider_declined", "refusal"],
      analysis: ["provider_declined", "problem"],
      wasEntered: "refusal",
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
  const seen = await Promise.all(
    Object.keys(problems).map(async (word) => [word, (await endingsOf(word)).analysis[0]]),
  );
  expect(seen).toEqual(Object.entries(problems));
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
  "error-as-text": "provider_unavailable",
  "error-as-html": "provider_unavailable",
};

test("an answer that breaks off is the problem of what broke it, after the text that came", async () => {
  const usual = await tryRun("usual");
  const seen = await Promise.all(
    Object.keys(BROKEN).map(async (word) => {
      const { run, analysis } = await tryProvider(word);
      expect(usual.text.startsWith(run.text), word).toBe(true);
      const share = run.text.length / usual.text.length;
      // The last pieces before a connection breaks may be lost with it.
      const hasText = word.endsWith("cut") ? share < 0.6 : share > 0.4 && share < 0.6;
      const { input_tokens, is_counted, output_tokens } = run.row;
      return [
        word,
        run.problem?.code,
        analysis.problem?.code,
        hasText,
        input_tokens,
        is_counted,
        output_tokens > 0,
      ];
    }),
  );
  expect(seen).toEqual(
    Object.entries(BROKEN).map(([word, code]) => [word, code, code, true, COUNTED, false, true]),
  );
});

test("a line that is damaged takes nothing else away, and the answer is not called complete", async () => {
  const usual = await tryRun("usual");
  const { run, analysis } = await tryProvider("junk-line");
  expect(run.text).toBe(usual.text);
  expect(run.done).toMatchObject({ status: "provider_incomplete", stop_reason: "end_turn" });
  expect(analysis.done).toMatchObject({ status: "provider_incomplete", stop_reason: "end_turn" });
});

test("the connection is closed once the answer has its end, also where the provider holds it open", async () => {
  for (const { key } of await Promise.all(["left-open", "error-mid-open"].map(tryRun))) {
    expect(await receivedWith(key)).toMatchObject([{ aborted: true }]);
  }
});

test("pieces without end and without a beginning are no answer, or end when the person leaves", async () => {
  const person = await personWith("endless-pieces");
  const leaving = new AbortController();
  const reply = await fetch(`${APP_URL}/api/reveal/run`, {
    method: "POST",
    headers: { ...JSON_TYPE, Cookie: person.cookie },
    body: JSON.stringify({ prompt: PROMPT }),
    signal: leaving.signal,
  });
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
  const reply = await fetch(`${APP_URL}/api/reveal/run`, {
    method: "POST",
    headers: { ...JSON_TYPE, Cookie: person.cookie },
    body: JSON.stringify({ prompt: PROMPT }),
    signal: leaving.signal,
  });
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
      const { secret } = expectOk(await as(person)("/api/webhooks", post({ url: receiver.url })), 201);
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
