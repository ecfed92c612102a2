import { restoreTeam } from "@/lib/teams/deleted";
import { requireTeam } from "@/lib/teams/membership";
import { MAX_TEAM_BODY_BYTES, restoreBody, teamPath } from "@/lib/teams/schema";
import { receive } from "@/lib/vault/access";
import { check, json, methodNotAllowed, respond } from "@/lib/vault/http/respond";

type Context = RouteContext<"/api/teams/[teamId]/restore">;

/** Brings a deleted team back, for one of its former admins, and answers with it. */
export function POST(request: Request, { params }: Context): Promise<Response> {
  return respond(async () => {
    const { user } = await receive(request, restoreBody, MAX_TEAM_BODY_BYTES);
    const { teamId } = check(teamPath, await params);
    await restoreTeam(user.id, teamId);
    return json(await requireTeam(user.id, teamId));
  });
}

const refuse = () => methodNotAllowed("POST");

export { refuse as DELETE, refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
