import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import type { RunEvent, RunKind } from "../../lib/reveal/types.ts";
import type { Problem } from "../../lib/vault/http/problem.ts";
import type { Owner, SecretSource } from "../../lib/vault/types.ts";
import { type StandIn, startAnthropicStandIn } from "../support/anthropic-standin.ts";
import { startDatabase } from "./harness.ts";

// For each file of tests of calls to the provider: a person in a team, and a stand-in for the provider.

export const KEY = "ANTHROPIC_API_KEY";
export const MODEL = "claude-sonnet-5-5";

export let db: Awaited<ReturnType<typeof startDatabase>>;
export let provider: StandIn;
export let user: string;
export let team: string;

beforeAll(async () => {
  [db, provider] = await Promise.all([startDatabase(), startAnthropicStandIn({ pace: 2 })]);
});
afterAll(async () => {
  await Promise.all([db.close(), provider.close()]);
});
beforeEach(async () => {
  provider.requests.length = 0;
  await becomeNewPerson();
  team = await db.team({ [user]: "member", [await db.person()]: "admin" });
});

/** From here on, runs are somebody's who has none yet. */
export async function becomeNewPerson(): Promise<void> {
  user = await db.person();
}

const ownerOf = (type: "user" | "team", teamId: string | null): Owner => ({
  type,
  id: type === "user" || teamId === null ? user : teamId,
});

type Changes = NonNullable<Parameters<typeof db.service>[0]>;

/** Reveal as a fresh server process has it. */
export async function start(changes: Changes = {}) {
  const service = await db.service({ provider: provider.url, ...changes });
  const { openRun } = await import("../../lib/vault-usage/run.ts");
  const { recorded, recordedItems } = await import("../../lib/vault-usage/recorded.ts");
  const { CALLS, chooseModel } = await import("../../lib/reveal/model.ts");
  const { eventsOf, startRun } = await import("../../lib/reveal/run.ts");
  const { analyzeText } = await import("../../lib/reveal/analyze.ts");
  const { toNdjson } = await import("../../lib/reveal/ndjson.ts");
  const { readLastUse } = await import("../../lib/reveal/health.ts");
  const { explainPayers } = await import("../../lib/reveal/payers.ts");
  const { readBudget } = await import("../../lib/reveal/budget.ts");
  const me = { id: user, email: "me@example.com" };

  const callOf = (kind: RunKind) => ({ ...CALLS[kind], model: chooseModel(undefined) });

  /** What the routes do, on this one key. */
  async function open(
    value: string,
    kind: RunKind,
    signal: AbortSignal,
    source: SecretSource,
    teamId: string | null,
  ) {
    if (source !== "env") await db.hold(ownerOf(source, teamId), KEY, value);
    const text = "Why is the sky blue?";
    return openRun({ userId: user, teamId, ...callOf(kind), only: source, text, signal });
  }
  return {
    service,
    readLastUse,
    async openRun(signal: AbortSignal) {
      await db.hold(ownerOf("user", null), KEY, "sk-works");
      return openRun({ userId: user, teamId: null, ...callOf("run"), text: "Why?", signal });
    },
    readBudget: () => readBudget(user),
    payers: (of: Parameters<typeof explainPayers>[1]) => explainPayers(me, of),
    /** The key of a run that is over at once. */
    async key(teamId: string | null = null, only?: SecretSource) {
      const { signal } = new AbortController();
      const run = await openRun({ userId: user, teamId, ...callOf("run"), only, text: "Why?", signal });
      run.finish("completed");
      await run.finished;
      return run.openKey();
    },
    async run(
      value: string,
      {
        signal = new AbortController().signal,
        source = "user" as SecretSource,
        teamId = null as string | null,
      } = {},
    ) {
      const run = await open(value, "run", signal, source, teamId);
      const items = await recordedItems(run, (key) => startRun("Why is the sky blue?", key, run.meter));
      return { run, events: eventsOf(items, run.meter) };
    },
    async analyze(value: string, { signal = new AbortController().signal } = {}) {
      const run = await open(value, "analyze", signal, "user", null);
      const outcome = await recorded(run, (key) => analyzeText("One. Two.", key, run.meter)).catch(
        (problem: Problem) => problem,
      );
      await run.finished;
      return outcome;
    },
    stream: (events: AsyncGenerator<RunEvent>, onCancel: () => void) => toNdjson(events, onCancel),
  };
}

export const rows = async () =>
  (await db.admin.from("reveal_runs").select("*").eq("user_id", user).throwOnError()).data;

export async function onlyRow() {
  const all = await rows();
  expect(all).toHaveLength(1);
  return all[0];
}

export async function drain(events: AsyncGenerator<RunEvent>): Promise<RunEvent | undefined> {
  let last: RunEvent | undefined;
  for await (const event of events) last = event;
  return last;
}
