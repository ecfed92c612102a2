import { authoriseOwner, requireUser } from "@/lib/vault/access";
import { readQuery } from "@/lib/vault/http/guard";
import { check, json, methodNotAllowed, respond } from "@/lib/vault/http/respond";
import { listDeliveries } from "@/lib/webhooks/deliveries";
import { oneWebhook } from "@/lib/webhooks/schema";
import { readWebhook } from "@/lib/webhooks/store";

/** The newest 20 attempts at a webhook, and how it stands. */
export function GET(request: Request): Promise<Response> {
  return respond(async () => {
    const user = await requireUser(request);
    const { id, team_id } = check(oneWebhook, readQuery(request));
    const owner = await authoriseOwner(user, team_id, "manage");
    const webhook = await readWebhook(owner, id);
    return json({ webhook, deliveries: await listDeliveries(id) });
  });
}

const refuse = () => methodNotAllowed("GET");

export {
  refuse as DELETE,
  refuse as HEAD,
  refuse as OPTIONS,
  refuse as PATCH,
  refuse as POST,
  refuse as PUT,
};
