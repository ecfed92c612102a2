import { withdrawInvite } from "@/lib/teams/invites";
import { invitePath } from "@/lib/teams/schema";
import { requireUser } from "@/lib/vault/access";
import { requireSameOrigin } from "@/lib/vault/http/guard";
import { check, methodNotAllowed, noContent, respond } from "@/lib/vault/http/respond";

type Context = RouteContext<"/api/teams/[teamId]/invites/[inviteId]">;

/** Takes back an invitation that nobody has used yet. */
export function DELETE(request: Request, { params }: Context): Promise<Response> {
  return respond(async () => {
    const user = await requireUser(request);
    requireSameOrigin(request);
    const { teamId, inviteId } = check(invitePath, await params);
    await withdrawInvite(user.id, teamId, inviteId);
    return noContent();
  });
}

const refuse = () => methodNotAllowed("DELETE");

export { refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as POST, refuse as PUT };
