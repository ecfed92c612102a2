import "server-only";
import { z } from "zod";
import { alertOfRefusal } from "../alerts/spending";
import { env } from "../env";
import { adminClient } from "../supabase/admin";
import { usd } from "../supabase/usd";
import { KEY_POLICIES } from "../teams/types";
import { vaultProblem } from "../vault/errors";
import { openLayer, platformSecret } from "../vault/service";
import type { ResolvedSecret } from "../vault/types";
import type { Entered, Entry } from "../vault-usage/entry";
import { usageProblem } from "../vault-usage/errors";
import { Meter } from "../vault-usage/meter";
import { explainMissingKey } from "./missing-key";
import { allowedModels, CALL_SIZES, MODELS_KEY } from "./models";
import { explainRefusal } from "./refusal";

const enteredRow = z.object({ id: z.guid(), max_output: z.number(), is_limited: z.boolean() });

/** The row of the function begin_run: an entry and the key, or why there is none. */
const entryRow = z.union([
  enteredRow.extend({ source: z.enum(["user", "team"]), ciphertext: z.string() }),
  enteredRow.extend({ source: z.literal("env"), ciphertext: z.null() }),
  z.object({
    id: z.null(),
    refusal: z.enum(["team_not_found", "no_key"]),
    key_policy: z.enum(KEY_POLICIES).nullable(),
  }),
  z.object({
    id: z.null(),
    refusal: z.string(),
    source: z.enum(["user", "team", "env"]),
    spent: usd.nullable(),
    held: usd.nullable(),
    allowed: usd.nullable(),
  }),
]);

/** How many runs one person may have under way, or one team's jobs. */
const MAX_RUNS = 10;

/** The most that the shortest run on the cheapest model that people may choose may cost, in USD, which any run may cost at least. */
export function leastReserve(): number | null {
  const costs = allowedModels().flatMap(
    (model) => new Meter({ ...CALL_SIZES.run, key: MODELS_KEY, model, text: "" }).mostCost ?? [],
  );
  return costs.length > 0 ? Math.min(...costs) : null;
}

// https://www.postgresql.org/docs/17/errcodes-appendix.html
const UNIQUE_VIOLATION = "23505";

/**
 * Finds the key and enters the run in one step in the database: the person's key, else the team's, else the platform's, as
 * far as the team's rule and the operator's settings allow. Runs that begin together do not share one room. A run on a
 * team's or the platform's key is entered with all that it may cost, since a limit may be set while it is under way.
 *
 * @param meter learns the longest answer to ask for, and whether there is a limit
 * @throws Problem as `openRun`
 */
export async function enter(entry: Entry, meter: Meter): Promise<Entered> {
  const { userId, teamId, feature, key, only, id } = entry;
  const { mostCost } = meter;
  const { platformDailyTokens, platformUsd, platformDailyCalls } = env();
  const platformKey = platformSecret(key);
  const { data, error } = await adminClient()
    .rpc("begin_run", {
      for_user: userId,
      for_team: teamId,
      key_name: key,
      has_platform_key: platformKey !== null,
      only_source: only ?? null,
      run_id: id ?? null,
      run_kind: feature,
      run_model: meter.model,
      estimated_input: meter.estimate,
      most_output: meter.maxOutput,
      least_output: meter.minOutput,
      estimated_cost: meter.estimatedCost,
      most_cost: mostCost,
      most_runs: MAX_RUNS,
      daily_tokens: platformDailyTokens,
      daily_usd: platformUsd.daily,
      monthly_usd: platformUsd.monthly,
      daily_calls: platformDailyCalls,
    })
    .single();
  if (error?.code === UNIQUE_VIOLATION) throw usageProblem("run_exists");
  const row = entryRow.safeParse(data);
  if (error || !row.success) throw vaultProblem("vault_unavailable", { cause: error ?? row.error });
  const said = row.data;
  if (said.id === null) throw await explainNoEntry(said, entry, meter);
  meter.maxOutput = said.max_output;
  if (said.is_limited && mostCost !== null) meter.reserve(mostCost);
  const openKey = async () => openFor(said, entry, platformKey);
  return { id: said.id, source: said.source, openKey, isLimited: said.is_limited };
}

type Row = z.infer<typeof entryRow>;

/** The key that pays for a run which is entered. */
function openFor(
  { source, ciphertext }: Exclude<Row, { id: null }>,
  { userId, teamId, key }: Entry,
  platformKey: string | null,
): Promise<ResolvedSecret> | ResolvedSecret {
  const ownerId = source === "user" ? userId : teamId;
  if (source === "env" && platformKey !== null) return { value: platformKey, source };
  if (source !== "env" && ownerId !== null) return openLayer({ type: source, id: ownerId }, key, ciphertext);
  throw vaultProblem("vault_unavailable");
}

async function explainNoEntry(
  said: Extract<Row, { id: null }>,
  entry: Entry,
  { model: asked, estimate, minOutput, mostCost, estimatedCost }: Meter,
): Promise<Error> {
  const { userId, teamId, key } = entry;
  if (!("source" in said)) {
    if (said.refusal === "team_not_found") return vaultProblem("team_not_found");
    return explainMissingKey(entry, said.key_policy);
  }
  const { refusal, source, spent, held, allowed } = said;
  // Where the model has a price, it is the call's size that nobody knows.
  const model = mostCost === null && estimatedCost !== null ? "" : asked;
  const run = { key, team_id: teamId, model, source, least_tokens: estimate + minOutput, mostCost };
  const refused = { reason: refusal, spent: spent ?? 0, held: held ?? 0, allowed: allowed ?? 0 };
  alertOfRefusal({ userId, teamId, source }, refused, leastReserve());
  return explainRefusal(refused, run);
}
