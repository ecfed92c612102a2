import { authoriseOwner, receive } from "@/lib/vault/access";
import { json, methodNotAllowed, respond } from "@/lib/vault/http/respond";
import { resend } from "@/lib/webhooks/deliver";
import { takeTurn } from "@/lib/webhooks/limit";
import { MAX_WEBHOOK_BODY_BYTES, resendBody } from "@/lib/webhooks/schema";

/** Sends a kept message once more, now, and answers with what became of it. */
export function POST(request: Request): Promise<Response> {
  return respond(async () => {
    const { user, body } = await receive(request, resendBody, MAX_WEBHOOK_BODY_BYTES);
    const { id, delivery_id, team_id } = body;
    const owner = await authoriseOwner(user, team_id, "manage");
    takeTurn(user.id);
    return json(await resend(owner, id, delivery_id));
  });
}

const refuse = () => methodNotAllowed("POST");

export { refuse as DELETE, refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
