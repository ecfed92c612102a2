import type { Database } from "../../types/database.ts";
import { daysAgo, type Place } from "./place.ts";

type Run = Database["public"]["Tables"]["reveal_runs"]["Insert"];

/** US dollars for a million tokens that are sent and written. */
const PRICES = {
  "claude-sonnet-5-5": { input: 2, output: 10 },
  "claude-haiku-5-5": { input: 1, output: 5 },
  "gpt-5-mini": { input: 0.25, output: 2 },
} as const;

const DAYS = 29;

/**
 * A month of runs that never were, the same in every demo.
 *
 * @param people who ran them, in turn
 * @param sources whose key paid, in turn
 */
function month(
  count: number,
  teamId: string | null,
  people: readonly string[],
  sources: readonly Run["source"][],
  models: readonly (keyof typeof PRICES)[],
): Run[] {
  return Array.from({ length: count }, (_, index) => {
    const is_counted = index % 23 > 0;
    const input_tokens = 400 + ((index * 977) % 5_000);
    const output_tokens = 200 + ((index * 613) % 2_400);
    // A second feature, which asks another provider.
    const isSummary = index % 6 === 5;
    const model = isSummary ? "gpt-5-mini" : (models[index % models.length] ?? "claude-sonnet-5-5");
    const { input, output } = PRICES[model];
    return {
      user_id: people[index % people.length] ?? null,
      team_id: teamId,
      kind: isSummary ? "summarize" : index % 3 === 0 ? "analyze" : "run",
      key: isSummary ? "OPENAI_API_KEY" : "ANTHROPIC_API_KEY",
      model,
      // The platform lends no key for summaries.
      source: isSummary
        ? teamId === null
          ? "user"
          : "team"
        : (sources[(index * 7) % sources.length] ?? "user"),
      status: is_counted ? "completed" : "cancelled",
      stop_reason: is_counted ? "end_turn" : null,
      input_tokens,
      output_tokens,
      is_counted,
      cost_usd: (input_tokens * input + output_tokens * output) / 1_000_000,
      cost_exact: is_counted,
      duration_ms: 2_000 + ((index * 331) % 9_000),
      created_at: daysAgo(((index * 37) % DAYS) + 0.05),
    };
  });
}

/** A run that the provider refused: so its key shows it. */
const refusal = (teamId: string, userId: string, status: string): Run => ({
  user_id: userId,
  team_id: teamId,
  kind: "run",
  model: "claude-sonnet-5-5",
  source: "team",
  status,
  cost_usd: 0,
  cost_exact: true,
  duration_ms: 640,
  created_at: daysAgo(0.4),
});

interface Ledger {
  adminId: string;
  memberId: string;
  teamId: string;
  /** The team whose key the provider refuses. */
  refusedTeamId: string;
  /** The team whose key has no credit left. */
  noCreditTeamId: string;
}

/** Writes the runs of everyone in the demo. */
export async function fillLedger({ database }: Place, ledger: Ledger): Promise<void> {
  const { adminId, memberId, teamId, refusedTeamId, noCreditTeamId } = ledger;
  const own = month(60, null, [adminId], ["user", "user", "env"], ["claude-sonnet-5-5", "claude-haiku-5-5"]);
  const sources = ["team", "team", "user", "env"] as const;
  await database
    .from("reveal_runs")
    .insert([
      ...own,
      ...month(160, teamId, [adminId, memberId], sources, ["claude-sonnet-5-5"]),
      refusal(refusedTeamId, adminId, "provider_refused_key"),
      refusal(noCreditTeamId, adminId, "provider_no_credit"),
    ])
    .throwOnError();
}
