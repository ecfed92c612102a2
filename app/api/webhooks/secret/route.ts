import { requireConfirmation } from "@/lib/auth/confirmation";
import { authoriseOwner, receive } from "@/lib/vault/access";
import { json, methodNotAllowed, respond } from "@/lib/vault/http/respond";
import { MAX_WEBHOOK_BODY_BYTES, oneWebhook } from "@/lib/webhooks/schema";
import { renewSigningSecret } from "@/lib/webhooks/store";

/** Gives a webhook a new signing secret, and answers with it, this once. */
export function POST(request: Request): Promise<Response> {
  return respond(async () => {
    const { user, body } = await receive(request, oneWebhook, MAX_WEBHOOK_BODY_BYTES);
    const { id, team_id } = body;
    const owner = await authoriseOwner(user, team_id, "manage");
    await requireConfirmation(user);
    return json(await renewSigningSecret(user.id, owner, id));
  });
}

const refuse = () => methodNotAllowed("POST");

export { refuse as DELETE, refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
