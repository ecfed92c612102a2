import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import type { PostgrestError } from "@supabase/supabase-js";
import { vaultProblem } from "../vault/errors";
import { adminClient } from "../vault/host";
import { logProblem } from "../vault/http/log";
import type { Entry, OpenRun, RunEnding } from "./entry";
import { enter, LEDGER } from "./host";
import { DEADLINE_MS, interruptionOf } from "./interruption";
import { watchMembership } from "./membership-watch";
import { type CallPlan, Meter, type Reading } from "./meter";

// The writing side of the ledger. The row is written before the provider is asked, so nothing is spent that is not
// entered, and finished once, whatever becomes of the call.

export interface NewRun extends Entry, CallPlan {
  /** Aborts when the person leaves, and then the call ends, too. */
  signal?: AbortSignal | undefined;
  /** Milliseconds for the whole call; {@link DEADLINE_MS} if missing. */
  deadline?: number | undefined;
}

/** What the end of a call changes in its row. */
type RunUpdate = Partial<Reading> & Pick<RunEnding, "status" | "duration_ms">;

const WAIT_BEFORE_RETRY_MS = 1_000;
const FEATURE = /^[a-z][a-z0-9-]{0,39}$/;

/**
 * Finds the key for a call that is about to be made, and enters it. Until it is finished, its row holds an estimate of what
 * it sends; on a team's or the platform's key, all that it may use.
 *
 * @throws Problem team_not_found, no_key, own_key_required, platform_key_not_allowed, run_exists, too_many_runs,
 * platform_key_off, platform_budget_spent, platform_limit_reached, team_budget_spent, member_budget_spent,
 * model_price_unknown, vault_unavailable, and then no call may be made; an Error for a feature without a proper name
 */
export async function openRun({ signal, deadline = DEADLINE_MS, ...entry }: NewRun): Promise<OpenRun> {
  const { userId, teamId, feature: kind, key } = entry;
  if (!FEATURE.test(kind))
    throw new Error(
      `A feature's name has lower-case letters, digits, and hyphens, and begins with a letter: "${kind}".`,
    );
  const meter = new Meter(entry);
  const { id, isLimited, source, openKey } = await enter(entry, meter);
  meter.source = source;

  let resolve: (ending: RunEnding) => void;
  const finished = new Promise<RunEnding>((done) => {
    resolve = done;
  });
  let isFinished = false;
  // Hangs up on a provider whose answer nobody waits for any more.
  const left = new AbortController();
  function finish(status: string): void {
    if (isFinished) return;
    isFinished = true;
    if (status === "cancelled") left.abort();
    const { model, stop_reason, details, ...numbers } = meter.read();
    const own = { status, duration_ms: meter.duration, ...numbers };
    const ending = { ...own, model, stop_reason, details };
    storeEnding(id, ending, own).then(() =>
      resolve({ id, user_id: userId, team_id: teamId, kind, key, source, ...ending }),
    );
  }
  const watch =
    source === "team" && teamId !== null && userId !== null ? watchMembership(userId, teamId) : null;
  if (watch) finished.then(watch.end);
  const ends = [signal, watch?.signal, left.signal, AbortSignal.timeout(deadline)].filter(
    (end) => end !== undefined,
  );
  meter.signal = AbortSignal.any(ends);
  // A reader who leaves may stop reading at once, and then nothing else would notice.
  const leave = () => finish(interruptionOf(meter.signal)?.code ?? "cancelled");
  meter.signal.addEventListener("abort", leave, { once: true });
  if (meter.signal.aborted) leave();
  return { openKey, meter, isLimited, finish, finished };
}

/**
 * The call is over and what it gave is on its way: nobody is there to hear of a failure but the operator.
 *
 * @param own of it has no text from outside, for a row that the table does not take
 */
async function storeEnding(id: string, ending: RunUpdate, own: RunUpdate): Promise<void> {
  const store = async (update: RunUpdate) =>
    (await adminClient().from(LEDGER).update(update).eq("id", id)).error;
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
