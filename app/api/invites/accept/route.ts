import { acceptInvite } from "@/lib/teams/invites";
import { inviteTokenBody, MAX_TEAM_BODY_BYTES } from "@/lib/teams/schema";
import { requireUser } from "@/lib/vault/access";
import { readJson, requireSameOrigin } from "@/lib/vault/http/guard";
import { check, json, methodNotAllowed, respond } from "@/lib/vault/http/respond";

/** Joins the team that an invitation is to. */
export function POST(request: Request): Promise<Response> {
  return respond(async () => {
    const user = await requireUser();
    requireSameOrigin(request);
    const { token } = check(inviteTokenBody, await readJson(request, MAX_TEAM_BODY_BYTES));
    return json({ team: await acceptInvite(user.id, token) });
  });
}

const refuse = () => methodNotAllowed("POST");

export { refuse as DELETE, refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
