import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "@playwright/test";
import type { AnalyzeReply, RunEvent, StreamProblem } from "../../../lib/reveal/types";
import type { Run } from "../../../lib/usage/types";
import { USAGE_PROBLEMS } from "../../../lib/vault-usage/errors";
import { SERVER_LOG } from "../../support/paths";
import { newKey, receivedWith } from "../fixtures";
import { as, expectOk, newPerson, type Person, post, type Reply } from "./client";

// A provider that answers in a way of its own, seen from the two routes that ask it and from the ledger. The words that
// make the stand-in do so are in tests/support/anthropic-standin.ts.

const KEY = "ANTHROPIC_API_KEY";
/** Three bytes a character: the stand-in counts a token for four of them, and our estimate is 750. */
export const PROMPT = "はい".repeat(500);
export const ESTIMATE = 750;
/** What the stand-in says that the prompt has of tokens. */
export const COUNTED = 250;
const TEXT = "The bridge opened in 1931. It was closed for repair in 1987. Nobody knows who paid for it!";

export interface RunResult {
  reply: Reply;
  /** What the reply says, `start` first and `done` or `error` last; nothing where it is a problem. */
  events: RunEvent[];
  text: string;
  done: Extract<RunEvent, { type: "done" }> | undefined;
  problem: StreamProblem | undefined;
  row: Run;
}

export interface AnalysisResult {
  reply: Reply;
  done: AnalyzeReply | undefined;
  problem: StreamProblem | undefined;
  row: Run;
}

/** Somebody with a key of their own, whose provider does what the key's words say. */
export async function personWith(words: string): Promise<Person & { key: string }> {
  const person = await newPerson();
  return { ...person, key: await storeKey(person, words) };
}

/** Stores a new key in place of the person's last one. */
async function storeKey(person: Person, words: string): Promise<string> {
  const key = newKey(words);
  const reply = await as(person)("/api/vault", post({ key: KEY, value: key }));
  expect(reply.status, reply.text).toBeLessThan(300);
  return key;
}

export interface Tried {
  words: string;
  key: string;
  run: RunResult;
  analysis: AnalysisResult;
}

/**
 * Asks providers that do what each of these words say, for an answer and for an analysis, and looks at what holds
 * whatever a provider does: both come to an end, and so do the rows in the ledger and the connections; what the person
 * hears is what the ledger has; and the key is nowhere.
 *
 * @returns what became of each, in the same order
 */
export async function tryEach(everyWords: readonly string[]): Promise<Tried[]> {
  const asked = await askEach(everyWords, ["run", "analyze"]);
  return asked.map(({ words, key, replies, rows }) => ({
    words,
    key,
    run: readRun(...found("run", replies, rows)),
    analysis: readAnalysis(...found("analyze", replies, rows)),
  }));
}

/** The same for answers alone. */
export async function runEach(
  everyWords: readonly string[],
): Promise<(RunResult & { words: string; key: string })[]> {
  const asked = await askEach(everyWords, ["run"]);
  return asked.map(({ words, key, replies, rows }) => ({
    words,
    key,
    ...readRun(...found("run", replies, rows)),
  }));
}

const BODIES = { run: { prompt: PROMPT }, analyze: { text: TEXT } };
type Kind = keyof typeof BODIES;

interface Asked {
  words: string;
  key: string;
  replies: Partial<Record<Kind, Reply>>;
  rows: Run[];
}

/** At most 10, for a list of runs shows 20. */
const WORDS_A_PERSON = 4;

/** Several people at the same time, each of whom tries some of the words, one after the other. */
async function askEach(everyWords: readonly string[], kinds: Kind[]): Promise<Asked[]> {
  const shares = Array.from({ length: Math.ceil(everyWords.length / WORDS_A_PERSON) }, (_, index) =>
    everyWords.slice(index * WORDS_A_PERSON, (index + 1) * WORDS_A_PERSON),
  );
  const asked = await Promise.all(shares.map((share) => askInTurn(share, kinds)));
  const log = readFileSync(SERVER_LOG, "utf8");
  for (const { key, words } of asked.flat()) expect(log.includes(key), words).toBe(false);
  return asked.flat();
}

async function askInTurn(share: readonly string[], kinds: Kind[]): Promise<Asked[]> {
  const person = await newPerson();
  const asked: Omit<Asked, "rows">[] = [];
  for (const words of share) {
    const key = await storeKey(person, words);
    const replies = await Promise.all(
      kinds.map(async (kind) => [kind, await as(person)(`/api/reveal/${kind}`, post(BODIES[kind]))] as const),
    );
    await expectClosed(key, kinds.length);
    asked.push({ words, key, replies: Object.fromEntries(replies) });
  }
  const { rows, page } = await endedRuns(person, share.length * kinds.length);
  const oldestFirst = rows.toReversed();
  return asked.map(({ words, key, replies }, index) => {
    const seen = [...Object.values(replies), page].map(({ text, headers }) => text + JSON.stringify(headers));
    expect(
      seen.some((text) => text.includes(key)),
      words,
    ).toBe(false);
    return { words, key, replies, rows: oldestFirst.slice(index * kinds.length, (index + 1) * kinds.length) };
  });
}

function found(kind: Kind, replies: Asked["replies"], rows: Run[]): [Reply, Run] {
  const reply = replies[kind];
  if (!reply) throw new Error(`Nobody asked for this: ${kind}`);
  return [reply, rowOf(rows, kind)];
}

/** The newest of this kind. */
export function rowOf(rows: Run[], kind: Run["kind"]): Run {
  const row = rows.find((row) => row.kind === kind);
  if (!row) throw new Error(`There is no row of this kind: ${kind}`);
  return row;
}

/** The person's runs, newest first, once there are so many and each has ended. */
export async function endedRuns(person: Person, count: number): Promise<{ rows: Run[]; page: Reply }> {
  for (;;) {
    const page = await as(person)("/api/usage/runs");
    const rows: Run[] = expectOk(page).runs;
    expect(rows).toHaveLength(count);
    if (rows.every(({ status, duration_ms }) => status !== "started" && duration_ms !== null))
      return { rows, page };
    await sleep(50);
  }
}

/** Waits until so many connections with this key are closed, or their answers are complete. */
export async function expectClosed(key: string, count: number): Promise<void> {
  await expect
    .poll(async () => (await receivedWith(key)).map(({ endedAfter }) => typeof endedAfter), {
      intervals: [5, 20, 50],
    })
    .toEqual(Array.from({ length: count }, () => "number"));
}

/** What a run's reply is made of. */
export function readRun(reply: Reply, row: Run): RunResult {
  if (reply.status !== 200) {
    const problem = readProblem(reply);
    expect(row.status).toBe(problem.code);
    return { reply, events: [], text: "", done: undefined, problem, row };
  }
  expect(reply.text).toMatch(/\n$/);
  const events: RunEvent[] = reply.text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(events[0]).toMatchObject({ type: "start", source: "user" });
  expect(events.slice(1, -1).filter(({ type }) => type !== "text")).toEqual([]);
  const last = events.at(-1);
  const text = events.map((event) => (event.type === "text" ? event.text : "")).join("");
  if (last?.type === "error") {
    expectKnown(last.problem);
    expect(row.status).toBe(last.problem.code);
    return { reply, events, text, done: undefined, problem: last.problem, row };
  }
  if (last?.type !== "done") throw new Error(`The reply ends with ${JSON.stringify(last)}`);
  expectEntered(last, row);
  return { reply, events, text, done: last, problem: undefined, row };
}

/** What the reply to an analysis is made of. */
export function readAnalysis(reply: Reply, row: Run): AnalysisResult {
  if (reply.status !== 200) {
    const problem = readProblem(reply);
    expect(row.status).toBe(problem.code);
    return { reply, done: undefined, problem, row };
  }
  const done: AnalyzeReply = expectOk(reply);
  expectEntered(done, row);
  return { reply, done, problem: undefined, row };
}

function readProblem(reply: Reply): StreamProblem {
  expect(reply.headers["content-type"]).toBe("application/problem+json");
  expect(reply.json).toMatchObject({ status: reply.status, source: "user" });
  expectKnown(reply.json);
  return reply.json;
}

/** A problem of our list, with its own status and a sentence. */
function expectKnown({ code, status, detail }: StreamProblem): void {
  expect(USAGE_PROBLEMS[code as keyof typeof USAGE_PROBLEMS]?.status, code).toBe(status);
  expect(detail).toMatch(/^\S.+\.$/);
}

/** A result and its row in the ledger say the same. */
function expectEntered(
  {
    status,
    stop_reason,
    model,
    usage,
    cost_usd,
    cost_exact,
    source,
  }: Omit<AnalyzeReply, "result" | "findings_dropped">,
  row: Run,
): void {
  const { input_tokens, output_tokens, cache_creation_input_tokens, cache_read_input_tokens, cost, ...rest } =
    row;
  expect({ status, stop_reason, model, cost_exact, source }).toEqual({
    status: rest.status,
    stop_reason: rest.stop_reason,
    model: rest.model,
    cost_exact: rest.cost_exact,
    source: rest.source,
  });
  expect(usage).toEqual({
    input_tokens,
    output_tokens,
    cache_creation_input_tokens,
    cache_read_input_tokens,
  });
  if (cost_usd === null || cost === null) expect(cost_usd).toBe(cost);
  else expect(cost_usd).toBeCloseTo(cost, 6);
}
