import { listTeams } from "@/lib/teams/membership";
import { MAX_TEAM_BODY_BYTES, newTeamBody } from "@/lib/teams/schema";
import { createTeam } from "@/lib/teams/teams";
import { requireUser } from "@/lib/vault/access";
import { readJson, requireSameOrigin } from "@/lib/vault/http/guard";
import { check, json, methodNotAllowed, respond } from "@/lib/vault/http/respond";

/** Lists the teams that the person is in. */
export function GET(): Promise<Response> {
  return respond(async () => {
    const user = await requireUser();
    return json({ teams: await listTeams(user.id) });
  });
}

/** Creates a team, with the person as its admin. */
export function POST(request: Request): Promise<Response> {
  return respond(async () => {
    const user = await requireUser();
    requireSameOrigin(request);
    const { name } = check(newTeamBody, await readJson(request, MAX_TEAM_BODY_BYTES));
    return json(await createTeam(user.id, name), 201);
  });
}

const refuse = () => methodNotAllowed("GET, POST");

export { refuse as DELETE, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
