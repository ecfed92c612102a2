import { authoriseOwner, receive, requireConfirmed, requireUser } from "@/lib/vault/access";
import { readQuery, requireSameOrigin } from "@/lib/vault/http/guard";
import { check, json, methodNotAllowed, noContent, respond } from "@/lib/vault/http/respond";
import { requireUsableAddress } from "@/lib/webhooks/address";
import { takeTurn } from "@/lib/webhooks/limit";
import {
  changeWebhookBody,
  MAX_WEBHOOK_BODY_BYTES,
  newWebhookBody,
  oneWebhook,
  webhooksQuery,
} from "@/lib/webhooks/schema";
import { addWebhook, changeWebhook, deleteWebhook, listWebhooks, revealUrl } from "@/lib/webhooks/store";

/** Lists webhooks, the person's, or a team's for its admins; with `id` and `reveal=true`, the whole address of one. */
export function GET(request: Request): Promise<Response> {
  return respond(async () => {
    const user = await requireUser(request);
    if (new URL(request.url).searchParams.has("reveal")) requireSameOrigin(request);
    const { id, team_id } = check(webhooksQuery, readQuery(request));
    if (id !== undefined) await requireConfirmed(user, team_id);
    const owner = await authoriseOwner(user, team_id, "manage");
    if (id !== undefined) return json({ id, url: await revealUrl(user.id, owner, id) });
    return json({ webhooks: await listWebhooks(owner) });
  });
}

/** Adds a webhook, and answers with its signing secret, this once. */
export function POST(request: Request): Promise<Response> {
  return respond(async () => {
    const { user, body } = await receive(request, newWebhookBody, MAX_WEBHOOK_BODY_BYTES);
    const { team_id, ...settings } = body;
    const owner = await authoriseOwner(user, team_id, "manage");
    takeTurn(user.id);
    await requireUsableAddress(settings.url);
    return json(await addWebhook(user.id, owner, settings), 201);
  });
}

/** Changes a webhook, pauses it, or resumes it. */
export function PATCH(request: Request): Promise<Response> {
  return respond(async () => {
    const { user, body } = await receive(request, changeWebhookBody, MAX_WEBHOOK_BODY_BYTES);
    const { id, team_id, ...change } = body;
    const owner = await authoriseOwner(user, team_id, "manage");
    if (change.url !== undefined || change.paused === false) takeTurn(user.id);
    if (change.url !== undefined) await requireUsableAddress(change.url);
    return json(await changeWebhook(user.id, owner, id, change));
  });
}

/** Deletes the webhook that `id` names. */
export function DELETE(request: Request): Promise<Response> {
  return respond(async () => {
    const user = await requireUser(request);
    requireSameOrigin(request);
    const { id, team_id } = check(oneWebhook, readQuery(request));
    const owner = await authoriseOwner(user, team_id, "manage");
    await deleteWebhook(user.id, owner, id);
    return noContent();
  });
}

const refuse = () => methodNotAllowed("GET, POST, PATCH, DELETE");

export { refuse as HEAD, refuse as OPTIONS, refuse as PUT };
