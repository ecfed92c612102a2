import { after } from "next/server";
import { tellOfDeletion } from "@/lib/alerts/deleted-team";
import { deleteTeam } from "@/lib/teams/deleted";
import { listOpenInvites } from "@/lib/teams/invites";
import { listMembers } from "@/lib/teams/members";
import { requireTeam } from "@/lib/teams/membership";
import { changeTeamBody, MAX_TEAM_BODY_BYTES, teamPath } from "@/lib/teams/schema";
import { readBudgets } from "@/lib/teams/spending";
import { changeTeam } from "@/lib/teams/teams";
import { receive, requireUser } from "@/lib/vault/access";
import { requireSameOrigin } from "@/lib/vault/http/guard";
import { check, json, methodNotAllowed, noContent, respond } from "@/lib/vault/http/respond";

type Context = RouteContext<"/api/teams/[teamId]">;

/** The team, who is in it, and budgets that the person may see; for its admins also its open invitations. */
export function GET(request: Request, { params }: Context): Promise<Response> {
  return respond(async () => {
    const user = await requireUser(request);
    const { teamId } = check(teamPath, await params);
    const team = await requireTeam(user.id, teamId);
    const [members, budgets] = await Promise.all([listMembers(teamId, user.id), readBudgets(team, user.id)]);
    return json({
      team,
      members,
      budgets,
      ...(team.role === "admin" && { invites: await listOpenInvites(teamId) }),
    });
  });
}

/** Renames the team, or changes whose keys may pay in it, or its budgets. */
export function PATCH(request: Request, { params }: Context): Promise<Response> {
  return respond(async () => {
    const { user, body } = await receive(request, changeTeamBody, MAX_TEAM_BODY_BYTES);
    const { teamId } = check(teamPath, await params);
    await changeTeam(user.id, teamId, body);
    return json(await requireTeam(user.id, teamId));
  });
}

/** Deletes the team, which can be brought back for 30 days, and tells its other admins. */
export function DELETE(request: Request, { params }: Context): Promise<Response> {
  return respond(async () => {
    const user = await requireUser(request);
    requireSameOrigin(request);
    const { teamId } = check(teamPath, await params);
    const { name } = await requireTeam(user.id, teamId, "admin");
    const others = await deleteTeam(user.id, teamId);
    after(() =>
      tellOfDeletion({ actorId: user.id, actorEmail: user.email, team: { id: teamId, name }, others }),
    );
    return noContent();
  });
}

const refuse = () => methodNotAllowed("GET, PATCH, DELETE");

export { refuse as HEAD, refuse as OPTIONS, refuse as POST, refuse as PUT };
