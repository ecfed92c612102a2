import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import type { PostgrestError } from "@supabase/supabase-js";
import type { Database } from "../../types/database";
import { adminClient } from "../supabase/admin";
import { vaultProblem } from "../vault/errors";
import { logProblem } from "../vault/http/log";
import { Problem } from "../vault/http/problem";
import type { SecretSource } from "../vault/types";
import { type Entered, type Entry, enter } from "./enter";
import { watchMembership } from "./membership-watch";
import { Meter, type Reading } from "./meter";
import { chooseModel } from "./model";
import type { Receipt, RunEvent, RunKind } from "./types";

type RunUpdate = Database["public"]["Tables"]["reveal_runs"]["Update"];

// The writing side of the ledger reveal_runs; lib/usage reads it. The row is written before the provider is
// asked, so nothing is spent that is not entered, and finished once, whatever becomes of the call.

export interface NewRun extends Entry {
  /** From the request; undefined for the usual one. */
  model?: string | undefined;
  /** What is sent: measured here, and stored nowhere. */
  text: string;
  /** Aborts when the person leaves. */
  signal: AbortSignal;
}

export interface OpenRun {
  /**
   * Decrypts the key that pays. The run is entered in the step that finds the key: one that cannot be read ends the run,
   * and never makes another one pay.
   *
   * @throws Problem secret_unreadable or vault_unavailable, with the source that failed
   */
  openKey: Entered["openKey"];
  /** For the code that makes the call. */
  meter: Meter;
  /** Whether a limit in USD counts for it. */
  isLimited: boolean;
  /** Aborts when the person leaves; on the team's key, also when they are no longer in the team. For the call. */
  signal: AbortSignal;
  /** Ends the entry: an `Ending`, or the code of what ended the call. Only the first call counts. */
  finish(status: string): void;
  /** Resolves once the ending is stored, or that has failed for good. */
  finished: Promise<RunEnding>;
}

/** A run that is over, as its row has it. */
export interface RunEnding extends Reading {
  id: string;
  user_id: string;
  team_id: string | null;
  kind: RunKind;
  source: SecretSource;
  /** An `Ending`, or the code of what ended it. */
  status: string;
  duration_ms: number;
}

const WAIT_BEFORE_RETRY_MS = 1_000;
const LONGEST_WAIT_MS = 500;

/**
 * Finds the key for a call that is about to be made, and enters it. Until it is finished, its row holds an estimate of what it sends; on a team's or the
 * platform's key, all that it may use.
 *
 * @throws Problem invalid_request (the model), team_not_found, no_key, own_key_required, platform_key_not_allowed, run_exists,
 * too_many_runs, platform_key_off, platform_budget_spent, platform_limit_reached, team_budget_spent,
 * member_budget_spent, model_price_unknown, vault_unavailable, and then no call may be made
 */
export async function openRun({ model, text, signal, ...entry }: NewRun): Promise<OpenRun> {
  const { userId, teamId, kind } = entry;
  const meter = new Meter({ kind, model: chooseModel(model), text });
  const { id, isLimited, source, openKey } = await enter(entry, meter);

  const { promise: finished, resolve } = Promise.withResolvers<RunEnding>();
  let isFinished = false;
  function finish(status: string): void {
    if (isFinished) return;
    isFinished = true;
    const { model, stop_reason, details, ...numbers } = meter.read();
    const own = { status, duration_ms: meter.duration, ...numbers };
    const ending = { ...own, model, stop_reason, details };
    storeEnding(id, ending, own).then(() =>
      resolve({ id, user_id: userId, team_id: teamId, kind, source, ...ending }),
    );
  }
  const watch = source === "team" && teamId !== null ? watchMembership(userId, teamId) : null;
  if (watch) finished.then(watch.end);
  const ends = watch ? AbortSignal.any([signal, watch.signal]) : signal;
  // A reader who leaves may stop reading at once, and then nothing else would notice.
  const leave = () => finish(ends.reason instanceof Problem ? ends.reason.code : "cancelled");
  ends.addEventListener("abort", leave, { once: true });
  if (ends.aborted) leave();
  return { openKey, meter, isLimited, signal: ends, finish, finished };
}

/**
 * The call is over and what it gave is on its way: nobody is there to hear of a failure but the operator.
 *
 * @param own of it has no text from outside, for a row that the table does not take
 */
async function storeEnding(id: string, ending: RunUpdate, own: RunUpdate): Promise<void> {
  const store = async (update: RunUpdate) =>
    (await adminClient().from("reveal_runs").update(update).eq("id", id)).error;
  let error = await store(ending);
  if (error && isRefused(error)) {
    logProblem(vaultProblem("vault_unavailable", { cause: error }));
    error = await store(own);
  } else if (error) {
    await sleep(WAIT_BEFORE_RETRY_MS);
    error = await store(ending);
  }
  if (error) logProblem(vaultProblem("vault_unavailable", { cause: error }));
}

// Data exceptions and violations of constraints.
// https://www.postgresql.org/docs/current/errcodes-appendix.html
const isRefused = ({ code }: PostgrestError) => /^2[23]/.test(code);

/** Finishes a run with what became of its call. */
export async function recorded<Result extends Receipt>(run: OpenRun, call: Promise<Result>): Promise<Result> {
  try {
    const result = await call;
    run.finish(result.status);
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
        run.finish(event.status);
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
