import "server-only";
import type { SupabaseClient } from "@supabase/supabase-js";
import { z } from "zod/v4";
import { vaultProblem } from "@/lib/vault/errors";
import { adminClient, afterCheck, getTeamRole, readCandidates } from "@/lib/vault/host";
import { logProblem } from "@/lib/vault/http/log";
import type { Problem } from "@/lib/vault/http/problem";
import { toProblem } from "@/lib/vault/http/respond";
import { openLayer, platformSecret } from "@/lib/vault/service";
import { readCiphertext } from "@/lib/vault/store";
import type { Candidates, CheckResult, KeyUse, Owner } from "@/lib/vault/types";
import { afterReply } from "@/lib/vault-usage/after-reply";
import type { Entered, Entry, OpenRun, RunEnding } from "@/lib/vault-usage/entry";
import { usageProblem } from "@/lib/vault-usage/errors";
import type { Meter } from "@/lib/vault-usage/meter";
import { KEY_RESULTS } from "@/lib/vault-usage/types";

// Everything that `withKey` knows about your app, and the only file of this folder that you should change. Who is in which
// team is up to lib/vault/host.ts. The table and the functions are in the migration `vault_usage`.

/** The table that calls are entered in. */
export const LEDGER = "vault_usage";

/** USD a day (UTC) for all calls on the platform's keys together, unless PLATFORM_DAILY_USD says otherwise. */
const DEFAULT_DAILY_USD = "5";

// https://www.postgresql.org/docs/17/errcodes-appendix.html
const UNIQUE_VIOLATION = "23505";

const amount = z.number().nullable();
const row = z.union([
  z.object({ id: z.guid(), is_limited: z.boolean() }),
  z.object({ id: z.null(), refusal: z.string(), spent: amount, allowed: amount }),
]);

/** The key that is to pay, not decrypted yet, or the platform's. */
type Payer = { source: Owner["type"]; owner: Owner; ciphertext: string } | { source: "env"; value: string };

/**
 * Finds the key that pays for a call, and enters the call: the person's key, else the team's if they're in it now, else the
 * platform's if you lend it. A job without a person never gets a personal key. A key that can't be read is an error, and
 * never makes another one pay.
 *
 * The place for rules of your own: throw before anything is read.
 *
 * @param meter learns whether there is a limit
 * @throws Problem team_not_found, no_key, run_exists, platform_limit_reached, model_price_unknown, vault_unavailable, and
 * then no call may be made; an Error for a limit in the environment that is no number
 */
export async function enter(entry: Entry, meter: Meter): Promise<Entered> {
  const { userId, teamId, feature, key, id } = entry;
  const payer = await findPayer(entry);
  if (!payer) throw usageProblem("no_key", { detail: explainMissing(entry) });
  const isOurs = payer.source === "env";
  const { mostCost } = meter;
  const { data, error } = await database()
    .rpc("enter_usage", {
      call_id: id ?? null,
      for_user: userId,
      for_team: teamId,
      feature_name: feature,
      key_name: key,
      model_name: meter.model,
      paid_by: payer.source,
      estimated_input: meter.estimate,
      estimated_cost: meter.estimatedCost,
      most_output: meter.maxOutput,
      most_cost: mostCost,
      daily_usd: isOurs ? limit("PLATFORM_DAILY_USD", DEFAULT_DAILY_USD) : null,
      daily_calls: isOurs ? limit("PLATFORM_DAILY_CALLS", "none") : null,
    })
    .single();
  if (error?.code === UNIQUE_VIOLATION) throw usageProblem("run_exists");
  const said = row.safeParse(data);
  if (error || !said.success) throw vaultProblem("vault_unavailable", { cause: error ?? said.error });
  const entered = said.data;
  if (entered.id === null) throw explainRefusal(entered, entry, meter);
  if (entered.is_limited && mostCost !== null) meter.reserve(mostCost);
  const openKey = async () =>
    payer.source === "env" ? payer : openLayer(payer.owner, key, payer.ciphertext);
  return { id: entered.id, source: payer.source, openKey, isLimited: entered.is_limited };
}

/** Whatever types your own client has. */
const database = (): SupabaseClient => adminClient();

async function findPayer(entry: Entry): Promise<Payer | null> {
  const { userId, teamId, key, only } = entry;
  const { user, team } = await readKeys(entry);
  const counts = (source: Payer["source"]) => only === undefined || only === source;
  if (userId !== null && user !== null && counts("user"))
    return { source: "user", owner: { type: "user", id: userId }, ciphertext: user };
  if (teamId !== null && team !== null && counts("team"))
    return { source: "team", owner: { type: "team", id: teamId }, ciphertext: team };
  const value = counts("env") ? platformSecret(key) : null;
  return value === null ? null : { source: "env", value };
}

/** @throws Problem team_not_found, the same for a foreign team and for none */
async function readKeys({ userId, teamId, key }: Entry): Promise<Candidates> {
  // A job's team is the server's own word: nobody has sent it.
  const ofTeam = async () => teamId && readCiphertext({ type: "team", id: teamId }, key);
  if (userId === null) return { user: null, team: await ofTeam() };
  if (teamId === null) return { user: await readCiphertext({ type: "user", id: userId }, key), team: null };
  const [role, candidates] = await Promise.all([
    getTeamRole(userId, teamId),
    readCandidates(userId, teamId, key),
  ]);
  // Nothing is entered for a team by people who aren't in it.
  if (role === null) throw vaultProblem("team_not_found");
  return candidates;
}

/**
 * A limit of the environment.
 *
 * @returns null for "none"
 * @throws Error if it's no number
 */
function limit(name: "PLATFORM_DAILY_USD" | "PLATFORM_DAILY_CALLS", byDefault: string): number | null {
  const text = process.env[name] || byDefault;
  if (text === "none") return null;
  const isLimit = (name === "PLATFORM_DAILY_USD" ? /^\d{1,9}(\.\d{1,9})?$/ : /^\d{1,9}$/).test(text);
  if (!isLimit) throw new Error(`${name} in the environment is a number, or "none".`);
  return Number(text);
}

function explainMissing({ userId, teamId, key }: Entry): string {
  if (userId !== null) return `There's no key to use yet. Add ${key} to your vault, then try again.`;
  return teamId === null
    ? `A job that nobody is signed in for can't use anyone's own ${key}, and the platform lends none.`
    : `The team has no ${key}, and a job that nobody is signed in for can't use anyone's own.`;
}

interface Refusal {
  refusal: string;
  /** USD, or calls; without what calls under way may still cost. */
  spent: number | null;
  allowed: number | null;
}

/** What the platform spends is the operator's business, so that no amount is in these sentences. */
function explainRefusal({ refusal, spent, allowed }: Refusal, { key }: Entry, meter: Meter): Problem {
  const own = `Add your own ${key} to your vault`;
  const source = "env";
  if (refusal === "model_price_unknown") {
    // Where the model has a price, it's the call's size that isn't known.
    const what = meter.model === "" || meter.estimatedCost !== null ? "this call" : meter.model;
    const detail = `The price of ${what} isn't known, so it can't run on the platform's key. ${own}.`;
    return usageProblem("model_price_unknown", { source, detail });
  }
  // Whether there is room for it once all that is under way has ended.
  const fits = refusal === "daily_usd" && (spent ?? 0) + (meter.mostCost ?? 0) <= (allowed ?? 0);
  const detail = fits
    ? `Calls in progress may use up what's left of the platform's limit for today. ${own}, or try again in a minute.`
    : `The platform's key has reached its limit for today, or this could take it there. ${own}, or try again tomorrow.`;
  return usageProblem("platform_limit_reached", { source, detail, retryAfter: fits ? 60 : untilTomorrow() });
}

/** Seconds until midnight, UTC. */
function untilTomorrow(now = new Date()): number {
  const midnight = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1);
  return Math.ceil((midnight - now.getTime()) / 1_000);
}

/**
 * Does what follows a call once it's answered. Keeps the server from being suspended before the entry is complete.
 *
 * @param readAt when the key was about to be read
 */
export function afterRun({ finished }: OpenRun, readAt: Date): void {
  afterReply(async () => {
    const ending = await finished;
    // The place for webhooks of your own: `ending` is the call as it's entered.
    await noteKey(ending, readAt);
  });
}

const CHECK_RESULTS: Record<KeyUse["result"], CheckResult> = {
  worked: "works",
  refused: "refused",
  no_credit: "no_credit",
};

/** Enters what a call says about a stored key, and lets `afterCheck` of lib/vault/host.ts know if that's news. */
async function noteKey({ user_id, team_id, source, key, status }: RunEnding, readAt: Date): Promise<void> {
  const use = KEY_RESULTS.get(status);
  const id = source === "user" ? user_id : team_id;
  if (use === undefined || source === "env" || id === null) return;
  const owner: Owner = { type: source, id };
  const result = CHECK_RESULTS[use];
  try {
    const { data, error } = await database().rpc("enter_key_result", {
      for_type: owner.type,
      for_owner: owner.id,
      for_key: key,
      read_at: readAt.toISOString(),
      result,
    });
    if (error) throw vaultProblem("vault_unavailable", { cause: error });
    if (data.length > 0 && user_id !== null)
      await afterCheck({ userId: user_id, owner, key, result, readAt });
  } catch (error) {
    logProblem(toProblem(error));
  }
}
