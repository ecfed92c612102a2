import { requireNamedTeam } from "@/lib/teams/membership";
import { readUsageBudgets } from "@/lib/usage/budgets";
import { csvReply, usageCsv } from "@/lib/usage/csv";
import { readUsage } from "@/lib/usage/report";
import { usageQuery } from "@/lib/usage/schema";
import { requireUser } from "@/lib/vault/access";
import { readQuery } from "@/lib/vault/http/guard";
import { check, json, methodNotAllowed, respond } from "@/lib/vault/http/respond";

/** What the runs of a range used, the last 30 days by default, as JSON or as a file. */
export function GET(request: Request): Promise<Response> {
  return respond(async () => {
    const user = await requireUser(request);
    const { team_id, range, format } = check(usageQuery, readQuery(request));
    const team = await requireNamedTeam(user.id, team_id);
    const { rows, report } = await readUsage(user, team, range);
    if (format !== "csv") {
      const budgets = await readUsageBudgets(user, team);
      return json({ ...report, ...(budgets && { budgets }) });
    }
    const { from, to } = report.period;
    return csvReply(
      usageCsv(rows, { feature: true, member: report.scope === "team" }),
      `usage-${from}-to-${to}.csv`,
    );
  });
}

const refuse = () => methodNotAllowed("GET");

export {
  refuse as DELETE,
  refuse as HEAD,
  refuse as OPTIONS,
  refuse as PATCH,
  refuse as POST,
  refuse as PUT,
};
