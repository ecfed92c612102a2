import "server-only";
import { z } from "zod";
import { alertOfRefusal } from "../alerts/spending";
import { env } from "../env";
import { adminClient } from "../supabase/admin";
import { KEY_POLICIES } from "../teams/types";
import { costOf } from "../usage/prices";
import { usd } from "../usage/schema";
import { vaultProblem } from "../vault/errors";
import { openLayer, platformSecret, type ResolvedSecret } from "../vault/service";
import type { SecretSource } from "../vault/types";
import { revealProblem } from "./errors";
import { explainMissingKey } from "./key";
import { Meter } from "./meter";
import { allowedModels, MAX_RUNS, MIN_OUTPUT_TOKENS, NO_USAGE } from "./model";
import { explainRefusal } from "./refusal";
import { REVEAL_KEY, type RunKind } from "./types";

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

/** A run that is about to begin. */
export interface Entry {
  /** From the session. */
  userId: string;
  /** From the request; null to leave teams out. */
  teamId: string | null;
  kind: RunKind;
  /** The one layer that the person chose for this once; undefined for the usual order. */
  only?: SecretSource | undefined;
  /** The page's own name for it; undefined for a fresh one. */
  id?: string | undefined;
}

/** What the database says of a run that it has entered. */
export interface Entered {
  id: string;
  /** Whose key pays. */
  source: SecretSource;
  /**
   * Decrypts the key.
   *
   * @throws Problem secret_unreadable or vault_unavailable, with the source that failed
   */
  openKey(): Promise<ResolvedSecret>;
  /** Whether a limit in USD counts for it. */
  isLimited: boolean;
}

/** The most that a call may cost, in USD; null for a model whose price is not known. */
export function mostCostOf({ model, mostSent, maxOutput }: Meter): number | null {
  const most = { ...NO_USAGE, input_tokens: mostSent, output_tokens: maxOutput };
  // Inside the US it costs most, and where a model runs may be a setting of the provider's account.
  return costOf(model, most, { inference_geo: "us" })?.usd ?? null;
}

/** {@link mostCostOf} of the shortest run on the cheapest model that people may choose, which any run may cost at least. */
export function leastReserve(): number | null {
  const costs = allowedModels().flatMap(
    (model) => mostCostOf(new Meter({ kind: "run", model, text: "" })) ?? [],
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
 * @param meter learns whose key pays, the longest answer to ask for, and whether there is a limit
 * @throws Problem as `openRun`
 */
export async function enter(entry: Entry, meter: Meter): Promise<Entered> {
  const { userId, teamId, kind, only, id } = entry;
  const { model, estimate, maxOutput } = meter;
  const sent = { ...NO_USAGE, input_tokens: estimate };
  const mostCost = mostCostOf(meter);
  const { platformDailyTokens, platformUsd } = env();
  const platformKey = platformSecret(REVEAL_KEY);
  const { data, error } = await adminClient()
    .rpc("begin_run", {
      for_user: userId,
      for_team: teamId,
      key_name: REVEAL_KEY,
      has_platform_key: platformKey !== null,
      only_source: only ?? null,
      run_id: id ?? null,
      run_kind: kind,
      run_model: model,
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
  if (error?.code === UNIQUE_VIOLATION) throw revealProblem("run_exists");
  const row = entryRow.safeParse(data);
  if (error || !row.success) throw vaultProblem("vault_unavailable", { cause: error ?? row.error });
  const said = row.data;
  if (said.id === null) throw await explainNoEntry(said, entry, meter, mostCost);
  meter.source = said.source;
  meter.maxOutput = said.max_output;
  if (said.is_limited && mostCost !== null) meter.reserve(mostCost);
  const openKey = async () => openFor(said, entry, platformKey);
  return { id: said.id, source: said.source, openKey, isLimited: said.is_limited };
}

type Row = z.infer<typeof entryRow>;

/** The key that pays for a run which is entered. */
function openFor(
  { source, ciphertext }: Exclude<Row, { id: null }>,
  { userId, teamId }: Entry,
  platformKey: string | null,
): Promise<ResolvedSecret> | ResolvedSecret {
  const ownerId = source === "user" ? userId : teamId;
  if (source === "env" && platformKey !== null) return { value: platformKey, source };
  if (source !== "env" && ownerId !== null)
    return openLayer({ type: source, id: ownerId }, REVEAL_KEY, ciphertext);
  throw vaultProblem("vault_unavailable");
}

async function explainNoEntry(
  said: Extract<Row, { id: null }>,
  { userId, teamId, kind, only }: Entry,
  { model, estimate }: Meter,
  mostCost: number | null,
): Promise<Error> {
  if (!("source" in said)) {
    if (said.refusal === "team_not_found") return vaultProblem("team_not_found");
    return explainMissingKey(teamId, said.key_policy, only);
  }
  const { refusal, source, spent, held, allowed } = said;
  const run = { team_id: teamId, kind, model, source, input_tokens: estimate, mostCost };
  const refused = { reason: refusal, spent: spent ?? 0, held: held ?? 0, allowed: allowed ?? 0 };
  alertOfRefusal({ userId, teamId, source }, refused, leastReserve());
  return explainRefusal(refused, run);
}
