import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { env } from "../env";
import { adminClient } from "../supabase/admin";
import { vaultProblem } from "../vault/errors";
import { logProblem } from "../vault/http/log";
import { Problem } from "../vault/http/problem";
import type { SecretSource } from "../vault/types";
import { explainSpentBudget } from "./budget";
import { type Meter, NOTHING } from "./meter";
import { MAX_OUTPUT_TOKENS, revealModel } from "./model";
import type { RunEvent, RunKind, Usage } from "./types";

// The writing side of the ledger reveal_runs; lib/usage reads it. The row is written before the provider is
// asked, so nothing is spent that is not entered, and finished once, whatever becomes of the call.

export interface NewRun {
  userId: string;
  teamId: string | null;
  kind: RunKind;
  /** Whose key pays. */
  source: SecretSource;
  /** What is sent: measured here, and stored nowhere. */
  text: string;
  /** Aborts when the person leaves. */
  signal: AbortSignal;
}

export interface OpenRun {
  /** For whoever makes the call. */
  meter: Meter;
  /** Ends the entry: "completed", or the code of what ended the call. Only the first call counts. */
  finish(status: string): void;
  /** Resolves once the ending is stored, or that has failed for good. */
  finished: Promise<RunEnding>;
}

/** A run that is over, as its row has it. */
export interface RunEnding extends Usage {
  id: string;
  user_id: string;
  team_id: string | null;
  kind: RunKind;
  source: SecretSource;
  model: string;
  /** "completed", or the code of what ended it. */
  status: string;
  duration_ms: number;
}

/** Faster than models write. */
const TOKENS_PER_SECOND = 150;
/** English has about four bytes a token; other scripts have more bytes a letter, and more tokens. */
const BYTES_PER_TOKEN = 4;
const WAIT_BEFORE_RETRY_MS = 1_000;
const LONGEST_WAIT_MS = 500;

/** What the provider may have counted although nobody heard of it. */
const PERHAPS_BILLED: ReadonlySet<string> = new Set(["cancelled", "provider_timeout"]);

/**
 * Enters a call that is about to be made. Until it is finished, its row holds an estimate of what it sends.
 *
 * @throws Problem platform_budget_spent, vault_unavailable, and then no call may be made
 */
export async function openRun({ userId, teamId, kind, source, text, signal }: NewRun): Promise<OpenRun> {
  const meter: Meter = { model: revealModel(), usage: NOTHING, isCounted: false };
  const began = performance.now();
  const estimate = Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
  const row = { user_id: userId, team_id: teamId, kind, model: meter.model, input_tokens: estimate };
  const id = source === "env" ? await enterPlatformRun(row) : await enter({ ...row, source });

  const { promise: finished, resolve } = Promise.withResolvers<RunEnding>();
  let isFinished = false;
  function finish(status: string): void {
    if (isFinished) return;
    isFinished = true;
    const milliseconds = Math.round(performance.now() - began);
    const usage = { ...meter.usage };
    if (usage.input_tokens === 0 && PERHAPS_BILLED.has(status)) usage.input_tokens = estimate;
    if (source === "env" && meter.usage !== NOTHING && !meter.isCounted) {
      // A model may think unseen. At somebody else's expense, the time that it had counts too.
      const written = Math.ceil((milliseconds / 1000) * TOKENS_PER_SECOND);
      usage.output_tokens = Math.max(usage.output_tokens, Math.min(written, MAX_OUTPUT_TOKENS[kind]));
    }
    const ending = { status, model: meter.model, duration_ms: milliseconds, ...usage };
    storeEnding(id, ending).then(() =>
      resolve({ id, user_id: userId, team_id: teamId, kind, source, ...ending }),
    );
  }
  // Whoever leaves may stop reading at once, and then nothing else would notice.
  signal.addEventListener("abort", () => finish("cancelled"), { once: true });
  if (signal.aborted) finish("cancelled");
  return { meter, finish, finished };
}

type NewRow = { user_id: string; team_id: string | null; kind: RunKind; model: string; input_tokens: number };

async function enter(row: NewRow & { source: SecretSource }): Promise<string> {
  const { data, error } = await adminClient().from("reveal_runs").insert(row).select("id").single();
  if (error) throw vaultProblem("vault_unavailable", { cause: error });
  return data.id;
}

/** Counts and enters in one step in the database, so that runs which begin together do not share one room. */
async function enterPlatformRun({ user_id, team_id, kind, model, input_tokens }: NewRow): Promise<string> {
  const { data, error } = await adminClient().rpc("enter_platform_run", {
    for_user: user_id,
    for_team: team_id,
    run_kind: kind,
    run_model: model,
    estimated_input: input_tokens,
    reserved_output: MAX_OUTPUT_TOKENS[kind],
    daily_limit: env().platformDailyTokens,
  });
  if (error) throw vaultProblem("vault_unavailable", { cause: error });
  const id = data[0]?.id;
  if (!id) throw await explainSpentBudget(user_id, input_tokens);
  return id;
}

/** The call is over and what it gave is on its way: nobody is there to hear of a failure but the operator. */
async function storeEnding(id: string, ending: object): Promise<void> {
  const store = async () => (await adminClient().from("reveal_runs").update(ending).eq("id", id)).error;
  let error = await store();
  if (error) {
    await sleep(WAIT_BEFORE_RETRY_MS);
    error = await store();
  }
  if (error) logProblem(vaultProblem("vault_unavailable", { cause: error }));
}

/** Finishes a run with what became of its call. */
export async function recorded<Result>(run: OpenRun, call: Promise<Result>): Promise<Result> {
  try {
    const result = await call;
    run.finish("completed");
    await stored(run);
    return result;
  } catch (error) {
    run.finish(statusOf(error));
    throw error;
  }
}

/** The same for a call whose answer comes as events. */
export async function recordedEvents(
  run: OpenRun,
  call: Promise<AsyncGenerator<RunEvent>>,
): Promise<AsyncGenerator<RunEvent>> {
  try {
    return follow(run, await call);
  } catch (error) {
    run.finish(statusOf(error));
    throw error;
  }
}

async function* follow(run: OpenRun, events: AsyncGenerator<RunEvent>): AsyncGenerator<RunEvent> {
  try {
    for await (const event of events) {
      if (event.type === "done") {
        run.finish("completed");
        await stored(run);
      }
      if (event.type === "error") run.finish(event.problem.code);
      yield event;
    }
  } finally {
    run.finish("cancelled");
  }
}

/** So that what a page asks for next has this run in it; but nobody waits long for that. */
const stored = (run: OpenRun) =>
  Promise.race([run.finished, sleep(LONGEST_WAIT_MS, undefined, { ref: false })]);

const statusOf = (error: unknown) => (error instanceof Problem ? error.code : "internal");
