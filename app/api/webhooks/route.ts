import { z } from "zod";
import { requireUser } from "@/lib/auth/session";
import { readJson, readQuery, requireSameOrigin } from "@/lib/http/guard";
import { check, json, methodNotAllowed, noContent, respond } from "@/lib/http/respond";
import { uuid } from "@/lib/vault/schema";
import { newWebhookBody } from "@/lib/webhooks/schema";
import { addWebhook, deleteWebhook, listWebhooks } from "@/lib/webhooks/store";

const MAX_BODY_BYTES = 8192;

/** Lists the person's webhooks. */
export function GET(): Promise<Response> {
  return respond(async () => {
    const user = await requireUser();
    return json({ webhooks: await listWebhooks(user.id) });
  });
}

/** Adds a webhook. */
export function POST(request: Request): Promise<Response> {
  return respond(async () => {
    const user = await requireUser();
    requireSameOrigin(request);
    const input = check(newWebhookBody, await readJson(request, MAX_BODY_BYTES));
    return json(await addWebhook(user.id, input), 201);
  });
}

/** Deletes the webhook that `id` names. */
export function DELETE(request: Request): Promise<Response> {
  return respond(async () => {
    const user = await requireUser();
    requireSameOrigin(request);
    const { id } = check(z.strictObject({ id: uuid }), readQuery(request));
    await deleteWebhook(user.id, id);
    return noContent();
  });
}

const refuse = () => methodNotAllowed("GET, POST, DELETE");

export { refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
