import { requireNamedTeam } from "@/lib/teams/membership";
import { listRuns } from "@/lib/usage/report";
import { runsQuery } from "@/lib/usage/schema";
import { requireUser } from "@/lib/vault/access";
import { readQuery } from "@/lib/vault/http/guard";
import { check, json, methodNotAllowed, respond } from "@/lib/vault/http/respond";

/** Single runs, newest first, 20 at a time. */
export function GET(request: Request): Promise<Response> {
  return respond(async () => {
    const user = await requireUser(request);
    const { team_id, before } = check(runsQuery, readQuery(request));
    const team = await requireNamedTeam(user.id, team_id);
    return json(await listRuns(user, team, before));
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
