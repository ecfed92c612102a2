import "server-only";
import { z } from "zod";
import { env } from "../env";
import { adminClient } from "../supabase/admin";
import { usd } from "../supabase/usd";
import { vaultProblem } from "../vault/errors";
import type { Alert, FullCap, SpendingRun } from "./types";

const alertRow = z
  .object({
    cap: z.enum(["platform_daily", "platform_monthly", "team_monthly", "member_monthly"]),
    team_id: z.guid().nullable(),
    user_id: z.guid().nullable(),
    period_start: z.iso.date(),
    percent: z.literal([80, 100]),
    spent_usd: usd,
    limit_usd: usd,
  })
  .transform(
    ({ cap, percent, spent_usd, limit_usd, period_start, team_id, user_id }): Alert => ({
      cap,
      percent,
      spentUsd: spent_usd,
      limitUsd: limit_usd,
      periodStart: period_start,
      teamId: team_id,
      userId: user_id,
    }),
  );

/**
 * The alerts that are due after a run. Each is returned once for a period and a limit.
 *
 * @param full a cap that the run didn't fit into, if it was refused
 * @throws Problem vault_unavailable
 */
export async function claimAlerts(run: SpendingRun, full?: FullCap): Promise<Alert[]> {
  const { platformUsd } = env();
  const { data, error } = await adminClient().rpc("claim_spending_alerts", {
    for_user: run.userId,
    for_team: run.teamId,
    paid_by: run.source,
    daily_usd: platformUsd.daily,
    monthly_usd: platformUsd.monthly,
    full_cap: full?.cap ?? null,
    least_cost: full?.leastCost ?? null,
  });
  if (error) throw vaultProblem("vault_unavailable", { cause: error });
  return data.map((row) => alertRow.parse(row));
}
