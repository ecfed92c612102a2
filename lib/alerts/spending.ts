import "server-only";
import { after } from "next/server";
import { env } from "../env";
import { notifyByMail } from "../mail/notify";
import { readQuotableName } from "../teams/quotable";
import { fits, type Refusal } from "../usage/refusal";
import { logProblem } from "../vault/http/log";
import { toProblem } from "../vault/http/respond";
import { roundUsd } from "../vault-usage/money";
import { tellWebhooks } from "../webhooks/deliver";
import { claimAlerts } from "./claim";
import { logAlert } from "./log";
import { alertMail } from "./mail";
import { recipientsOf } from "./recipients";
import type { Alert, Cap, FullCap, SpendingRun } from "./types";

/**
 * Sends the alerts that are due after a run that counts towards a limit in USD. Never rejects: nobody waits for it, and
 * failures are in the operator's log.
 *
 * @param full a cap that the run didn't fit into, if it was refused
 * @param left milliseconds for telling webhooks
 */
export async function alertOfSpending(run: SpendingRun, full?: FullCap, left?: number): Promise<void> {
  try {
    const alerts = await claimAlerts(run, full);
    // A job's doings are its team's.
    const personId = run.userId ?? run.teamId ?? "";
    await Promise.all(alerts.map((alert) => send(alert, personId, left)));
  } catch (error) {
    logProblem(toProblem(error));
  }
}

const CAPS: ReadonlyMap<string, Cap> = new Map([
  ["platform_daily_limit", "platform_daily"],
  ["platform_monthly_limit", "platform_monthly"],
  ["team_budget_spent", "team_monthly"],
  ["member_budget_spent", "member_monthly"],
]);

/**
 * {@link alertOfSpending} for a run that was refused, after the reply. If a run is refused because of others
 * in progress, or for its own length, the limit isn't reached, and nothing is asked.
 *
 * @param leastCost the most that the shortest run may cost, in USD; null if the price isn't known
 */
export function alertOfRefusal(run: SpendingRun, refusal: Refusal, leastCost: number | null): void {
  const cap = CAPS.get(refusal.reason);
  if (cap === undefined || leastCost === null || fits(refusal, { mostCost: leastCost })) return;
  if (refusal.spent === 0) return;
  after(() => alertOfSpending(run, { cap, leastCost }));
}

async function send(alert: Alert, personId: string, left: number | undefined): Promise<void> {
  const { cap, percent, spentUsd, limitUsd, periodStart, teamId, userId } = alert;
  logAlert(alert);
  const { owners, emails } = await recipientsOf(alert);
  const data = {
    cap,
    percent,
    spent_usd: roundUsd(spentUsd),
    limit_usd: limitUsd,
    period_start: periodStart,
    ...(teamId !== null && { team_id: teamId }),
    ...(userId !== null && { user_id: userId }),
  };
  const team = teamId === null ? null : await readQuotableName(teamId);
  await Promise.all([
    // For a person's own webhooks it counts as their own message: operators would otherwise wait behind everything that the
    // spender has caused, whose receivers may never answer.
    ...owners.map((owner) =>
      tellWebhooks({
        owner,
        personId: owner.type === "user" ? owner.id : personId,
        event: "spending.threshold",
        data,
        left,
      }),
    ),
    notifyByMail(cap, emails, alertMail(alert, team, env().siteOrigin)),
  ]);
}
