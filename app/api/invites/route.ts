import { previewInvite } from "@/lib/teams/invites";
import { inviteTokenBody, MAX_TEAM_BODY_BYTES } from "@/lib/teams/schema";
import { receive } from "@/lib/vault/access";
import { json, methodNotAllowed, respond } from "@/lib/vault/http/respond";

/** Says what an invitation is to, before it is accepted. A POST, so that the token is in no address. */
export function POST(request: Request): Promise<Response> {
  return respond(async () => {
    const { user, body } = await receive(request, inviteTokenBody, MAX_TEAM_BODY_BYTES);
    const { token } = body;
    return json(await previewInvite(user.id, token));
  });
}

const refuse = () => methodNotAllowed("POST");

export { refuse as DELETE, refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
