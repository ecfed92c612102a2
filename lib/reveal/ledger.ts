import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { Problem } from "../http/problem";
import { logProblem } from "../http/respond";
import { adminClient } from "../supabase/admin";
import { vaultProblem } from "../vault/errors";
import type { SecretSource } from "../vault/types";
import { type Meter, NOTHING } from "./meter";
import { revealModel } from "./model";
import type { RunEvent, RunKind } from "./types";

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
  /** Resolves once the ending is stored, or has failed for good. */
  finished: Promise<void>;
}

/** English has about four bytes a token; other scripts have more bytes a letter, and more tokens. */
const BYTES_PER_TOKEN = 4;
const WAIT_BEFORE_RETRY_MS = 1_000;

/** What the provider may have counted although nobody heard of it. */
const PERHAPS_BILLED: ReadonlySet<string> = new Set(["cancelled", "provider_timeout"]);

/**
 * Enters a call that is about to be made. Until it is finished, its row holds an estimate of what it sends.
 *
 * @throws Problem vault_unavailable, and then no call may be made
 */
export async function openRun({ userId, teamId, kind, source, text, signal }: NewRun): Promise<OpenRun> {
  const meter: Meter = { model: revealModel(), usage: NOTHING };
  const began = performance.now();
  const estimate = Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
  const { data, error } = await adminClient()
    .from("reveal_runs")
    .insert({
      user_id: userId,
      team_id: teamId,
      kind,
      source,
      model: meter.model,
      input_tokens: estimate,
    })
    .select("id")
    .single();
  if (error) throw vaultProblem("vault_unavailable", { cause: error });

  const { promise: finished, resolve } = Promise.withResolvers<void>();
  let isFinished = false;
  function finish(status: string): void {
    if (isFinished) return;
    isFinished = true;
    const keepsEstimate = meter.usage === NOTHING && PERHAPS_BILLED.has(status);
    const ending = {
      status,
      model: meter.model,
      duration_ms: Math.round(performance.now() - began),
      ...(!keepsEstimate && meter.usage),
    };
    storeEnding(data?.id ?? "", ending).then(resolve);
  }
  // Whoever leaves may stop reading at once, and then nothing else would notice.
  signal.addEventListener("abort", () => finish("cancelled"), { once: true });
  if (signal.aborted) finish("cancelled");
  return { meter, finish, finished };
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
      if (event.type === "done") run.finish("completed");
      if (event.type === "error") run.finish(event.problem.code);
      yield event;
    }
  } finally {
    run.finish("cancelled");
  }
}

const statusOf = (error: unknown) => (error instanceof Problem ? error.code : "internal");
