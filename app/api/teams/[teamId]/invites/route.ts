import { requireConfirmation } from "@/lib/auth/confirmation";
import { mailInvite, requireMail } from "@/lib/teams/invite-mail";
import { createInvite } from "@/lib/teams/invites";
import { requireTeam } from "@/lib/teams/membership";
import { MAX_TEAM_BODY_BYTES, newInviteBody, teamPath } from "@/lib/teams/schema";
import { receive } from "@/lib/vault/access";
import { check, json, methodNotAllowed, respond } from "@/lib/vault/http/respond";

type Context = RouteContext<"/api/teams/[teamId]/invites">;

/** Makes an invite link, which this reply alone holds; and a mail, if one is asked for. */
export function POST(request: Request, { params }: Context): Promise<Response> {
  return respond(async () => {
    const { user, body } = await receive(request, newInviteBody, MAX_TEAM_BODY_BYTES);
    const { role, label, email } = body;
    const { teamId } = check(teamPath, await params);
    const team = await requireTeam(user.id, teamId, "admin");
    await requireConfirmation(user);
    if (email === undefined) return json(await createInvite(user.id, teamId, role, label), 201);
    requireMail(user.id, email);
    const invite = await createInvite(user.id, teamId, role, label);
    return json({ ...invite, is_mailed: await mailInvite(email, invite, team, user.email) }, 201);
  });
}

const refuse = () => methodNotAllowed("POST");

export { refuse as DELETE, refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
