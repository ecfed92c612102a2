import "server-only";
import { z } from "zod";
import { alertOfRefusal } from "../alerts/spending";
import { env } from "../env";
import { adminClient } from "../supabase/admin";
import { costOf } from "../usage/prices";
import { usd } from "../usage/schema";
import { vaultProblem } from "../vault/errors";
import type { SecretSource } from "../vault/types";
import { Meter, NOTHING } from "./meter";
import { MAX_RUNS, MIN_OUTPUT_TOKENS } from "./model";
import { explainRefusal } from "./refusal";
import type { RunKind } from "./types";

/** The row of the function enter_run: an entry, or why there is none. */
const entryRow = z.union([
  z.object({ id: z.guid(), max_output: z.number(), is_limited: z.boolean() }),
  z.object({
    id: z.null(),
    refusal: z.string(),
    spent: usd.nullable(),
    held: usd.nullable(),
    allowed: usd.nullable(),
  }),
]);

/** What the ledger has to know of a run that is about to begin. */
interface Entry {
  userId: string;
  teamId: string | null;
  kind: RunKind;
  source: SecretSource;
}

/** The most that a call may cost, in USD; null for a model whose price is not known. */
export function mostCostOf({ model, mostSent, maxOutput }: Meter): number | null {
  const most = { ...NOTHING, input_tokens: mostSent, output_tokens: maxOutput };
  // Inside the US it costs most, and where a model runs may be a setting of the provider's account.
  return costOf(model, most, { inference_geo: "us" })?.usd ?? null;
}

/** {@link mostCostOf} of the shortest run on a model, which any run may cost at least. */
export const leastReserve = (model: string): number | null =>
  mostCostOf(new Meter({ kind: "run", model, text: "", source: "env" }));

/**
 * Counts and enters in one step in the database, so that runs which begin together do not share one room. A run on a
 * team's or the platform's key is entered with all that it may cost, since a limit may be set while it is under way.
 *
 * @param meter learns the longest answer to ask for, and whether there is a limit
 * @returns the id of the row, and whether a limit in USD counts for it
 * @throws Problem as `openRun`
 */
export async function enter(
  { userId, teamId, kind, source }: Entry,
  meter: Meter,
): Promise<{ id: string; isLimited: boolean }> {
  const { model, estimate, maxOutput } = meter;
  const sent = { ...NOTHING, input_tokens: estimate };
  const mostCost = mostCostOf(meter);
  const { platformDailyTokens, platformUsd } = env();
  const { data, error } = await adminClient()
    .rpc("enter_run", {
      for_user: userId,
      for_team: teamId,
      run_kind: kind,
      run_model: model,
      paid_by: source,
      estimated_input: estimate,
      most_output: maxOutput,
      least_output: MIN_OUTPUT_TOKENS[kind],
      estimated_cost: costOf(model, sent, {})?.usd ?? null,
      most_cost: mostCost,
      most_runs: MAX_RUNS,
      daily_tokens: platformDailyTokens,
      daily_usd: platformUsd.daily,
      monthly_usd: platformUsd.monthly,
    })
    .single();
  if (error) throw vaultProblem("vault_unavailable", { cause: error });
  const entry = entryRow.parse(data);
  if (entry.id === null) {
    const run = { team_id: teamId, kind, model, source, input_tokens: estimate, mostCost };
    const { refusal, spent, held, allowed } = entry;
    const refused = { reason: refusal, spent: spent ?? 0, held: held ?? 0, allowed: allowed ?? 0 };
    alertOfRefusal({ userId, teamId, source }, refused, leastReserve(model));
    throw await explainRefusal(refused, run);
  }
  meter.maxOutput = entry.max_output;
  if (entry.is_limited && mostCost !== null) meter.reserve(mostCost);
  return { id: entry.id, isLimited: entry.is_limited };
}
