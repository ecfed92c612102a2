import { listExposures } from "@/lib/activity/exposures";
import { requireConfirmation } from "@/lib/auth/confirmation";
import { changeMember, removeMember } from "@/lib/teams/members";
import { requireTeam } from "@/lib/teams/membership";
import { changeMemberBody, MAX_TEAM_BODY_BYTES, memberPath } from "@/lib/teams/schema";
import { receive, requireUser } from "@/lib/vault/access";
import { requireSameOrigin } from "@/lib/vault/http/guard";
import { check, json, methodNotAllowed, noContent, respond } from "@/lib/vault/http/respond";

type Context = RouteContext<"/api/teams/[teamId]/members/[userId]">;

/** Makes somebody in the team an admin or a member, or sets their budget. */
export function PATCH(request: Request, { params }: Context): Promise<Response> {
  return respond(async () => {
    const { user, body } = await receive(request, changeMemberBody, MAX_TEAM_BODY_BYTES);
    const { teamId, userId } = check(memberPath, await params);
    await requireTeam(user.id, teamId, "admin");
    if (body.role === "admin") await requireConfirmation(user);
    await changeMember(user.id, teamId, userId, body);
    return json({ user_id: userId, ...body });
  });
}

/** Leaves the team (204), or removes somebody from it, with the keys that they have seen (200). */
export function DELETE(request: Request, { params }: Context): Promise<Response> {
  return respond(async () => {
    const user = await requireUser(request);
    requireSameOrigin(request);
    const { teamId, userId } = check(memberPath, await params);
    const leaves = userId === user.id;
    // Asked before as well: who is not in the team, and leaves it, hears that there is no such team.
    await requireTeam(user.id, teamId, leaves ? "member" : "admin");
    await removeMember(user.id, teamId, userId);
    if (leaves) return noContent();
    const seen = await listExposures(teamId, userId);
    return json({ rotate: seen.map(({ key, seen_at }) => ({ key, seen_at })) });
  });
}

const refuse = () => methodNotAllowed("PATCH, DELETE");

export { refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as POST, refuse as PUT };
