import { listOpenInvites } from "@/lib/teams/invites";
import { listMembers } from "@/lib/teams/members";
import { requireTeam } from "@/lib/teams/membership";
import { changeTeamBody, MAX_TEAM_BODY_BYTES, teamPath } from "@/lib/teams/schema";
import { changeTeam, deleteTeam } from "@/lib/teams/teams";
import { receive, requireUser } from "@/lib/vault/access";
import { requireSameOrigin } from "@/lib/vault/http/guard";
import { check, json, methodNotAllowed, noContent, respond } from "@/lib/vault/http/respond";

type Context = RouteContext<"/api/teams/[teamId]">;

/** The team and who is in it; for its admins also its open invitations. */
export function GET(request: Request, { params }: Context): Promise<Response> {
  return respond(async () => {
    const user = await requireUser(request);
    const { teamId } = check(teamPath, await params);
    const team = await requireTeam(user.id, teamId);
    const members = await listMembers(teamId, user.id);
    return json({
      team,
      members,
      ...(team.role === "admin" && { invites: await listOpenInvites(teamId) }),
    });
  });
}

/** Renames the team, or changes whose keys may pay in it. */
export function PATCH(request: Request, { params }: Context): Promise<Response> {
  return respond(async () => {
    const { user, body } = await receive(request, changeTeamBody, MAX_TEAM_BODY_BYTES);
    const change = body;
    const { teamId } = check(teamPath, await params);
    const team = await requireTeam(user.id, teamId, "admin");
    await changeTeam(teamId, change);
    return json({ ...team, ...change });
  });
}

/** Deletes the team with everything that is the team's. */
export function DELETE(request: Request, { params }: Context): Promise<Response> {
  return respond(async () => {
    const user = await requireUser(request);
    requireSameOrigin(request);
    const { teamId } = check(teamPath, await params);
    await requireTeam(user.id, teamId, "admin");
    await deleteTeam(teamId);
    return noContent();
  });
}

const refuse = () => methodNotAllowed("GET, PATCH, DELETE");

export { refuse as HEAD, refuse as OPTIONS, refuse as POST, refuse as PUT };
