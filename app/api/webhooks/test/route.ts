import { authoriseOwner, receive } from "@/lib/vault/access";
import { json, methodNotAllowed, respond } from "@/lib/vault/http/respond";
import { sendTest } from "@/lib/webhooks/deliver";
import { takeTurn } from "@/lib/webhooks/limit";
import { MAX_WEBHOOK_BODY_BYTES, oneWebhook } from "@/lib/webhooks/schema";

/** Sends a test message now, and answers with what became of it. */
export function POST(request: Request): Promise<Response> {
  return respond(async () => {
    const { user, body } = await receive(request, oneWebhook, MAX_WEBHOOK_BODY_BYTES);
    const { id, team_id } = body;
    const owner = await authoriseOwner(user, team_id, "manage");
    takeTurn(user.id);
    return json(await sendTest(owner, id));
  });
}

const refuse = () => methodNotAllowed("POST");

export { refuse as DELETE, refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
