import { listTeams } from "@/lib/teams/membership";
import { MAX_TEAM_BODY_BYTES, newTeamBody } from "@/lib/teams/schema";
import { createTeam } from "@/lib/teams/teams";
import { receive, requireUser } from "@/lib/vault/access";
import { json, methodNotAllowed, respond } from "@/lib/vault/http/respond";

/** Lists the teams that the person is in. */
export function GET(request: Request): Promise<Response> {
  return respond(async () => {
    const user = await requireUser(request);
    return json({ teams: await listTeams(user.id) });
  });
}

/** Creates a team, with the person as its admin. */
export function POST(request: Request): Promise<Response> {
  return respond(async () => {
    const { user, body } = await receive(request, newTeamBody, MAX_TEAM_BODY_BYTES);
    const { name } = body;
    return json(await createTeam(user.id, name), 201);
  });
}

const refuse = () => methodNotAllowed("GET, POST");

export { refuse as DELETE, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
