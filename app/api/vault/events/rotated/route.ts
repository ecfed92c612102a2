import { confirmRotation } from "@/lib/activity/rotation";
import { MAX_ROTATED_BYTES, rotatedBody } from "@/lib/activity/schema";
import { authoriseOwner, receive } from "@/lib/vault/access";
import { methodNotAllowed, noContent, respond } from "@/lib/vault/http/respond";

/** An admin says that a team's key is another one at its provider now. */
export function POST(request: Request): Promise<Response> {
  return respond(async () => {
    const { user, body } = await receive(request, rotatedBody, MAX_ROTATED_BYTES);
    await authoriseOwner(user, body.team_id, "manage");
    await confirmRotation(user.id, body.team_id, body.key);
    return noContent();
  });
}

const refuse = () => methodNotAllowed("POST");

export { refuse as DELETE, refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
