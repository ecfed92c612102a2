import { operatorRoute } from "@/lib/operator/access";
import { readOperatorCsv, readOperatorReport } from "@/lib/operator/report";
import { operatorUsageQuery } from "@/lib/operator/schema";
import { csvReply } from "@/lib/usage/csv";
import { requireUser } from "@/lib/vault/access";
import { readQuery } from "@/lib/vault/http/guard";
import { check, json } from "@/lib/vault/http/respond";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = operatorRoute({
  /** What ran on the platform's key in the last 30 days, as JSON or as a file. */
  GET: async (request) => {
    const user = await requireUser(request);
    const { format } = check(operatorUsageQuery, readQuery(request));
    if (format !== "csv") return json(await readOperatorReport(user.id));
    const { csv, period } = await readOperatorCsv();
    return csvReply(csv, `platform-usage-${period.from}-to-${period.to}.csv`);
  },
});
