import { requireConfirmation } from "@/lib/auth/confirmation";
import { createInvite } from "@/lib/teams/invites";
import { requireTeam } from "@/lib/teams/membership";
import { MAX_TEAM_BODY_BYTES, newInviteBody, teamPath } from "@/lib/teams/schema";
import { receive } from "@/lib/vault/access";
import { check, json, methodNotAllowed, respond } from "@/lib/vault/http/respond";

type Context = RouteContext<"/api/teams/[teamId]/invites">;

/** Makes an invite link, which this reply alone holds. */
export function POST(request: Request, { params }: Context): Promise<Response> {
  return respond(async () => {
    const { user, body } = await receive(request, newInviteBody, MAX_TEAM_BODY_BYTES);
    const { role } = body;
    const { teamId } = check(teamPath, await params);
    await requireTeam(user.id, teamId, "admin");
    await requireConfirmation(user);
    return json(await createInvite(user.id, teamId, role), 201);
  });
}

const refuse = () => methodNotAllowed("POST");

export { refuse as DELETE, refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
