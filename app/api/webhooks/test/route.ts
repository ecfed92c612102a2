import { authoriseOwner, requireUser } from "@/lib/vault/access";
import { readJson, requireSameOrigin } from "@/lib/vault/http/guard";
import { check, json, methodNotAllowed, respond } from "@/lib/vault/http/respond";
import { sendTest } from "@/lib/webhooks/deliver";
import { takeTurn } from "@/lib/webhooks/limit";
import { MAX_WEBHOOK_BODY_BYTES, oneWebhook } from "@/lib/webhooks/schema";

/** Sends a test message now, and answers with what became of it. */
export function POST(request: Request): Promise<Response> {
  return respond(async () => {
    const user = await requireUser();
    requireSameOrigin(request);
    const { id, team_id } = check(oneWebhook, await readJson(request, MAX_WEBHOOK_BODY_BYTES));
    const owner = await authoriseOwner(user, team_id, "manage");
    takeTurn(user.id);
    return json(await sendTest(owner, id));
  });
}

const refuse = () => methodNotAllowed("POST");

export { refuse as DELETE, refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
