import { requireAccountConfirmation } from "@/lib/auth/confirmation";
import { enrolBody, MAX_FACTOR_BODY_BYTES, removeQuery } from "@/lib/auth/factor-schema";
import { enrol, removeFactor } from "@/lib/auth/factors";
import { sessionClient } from "@/lib/supabase/server";
import { receive, requireUser } from "@/lib/vault/access";
import { readQuery, requireSameOrigin } from "@/lib/vault/http/guard";
import { check, json, methodNotAllowed, noContent, respond } from "@/lib/vault/http/respond";

/** Begins to set up an authenticator app, and answers with its secret, this once. */
export function POST(request: Request): Promise<Response> {
  return respond(async () => {
    const { user } = await receive(request, enrolBody, MAX_FACTOR_BODY_BYTES);
    await requireAccountConfirmation(user);
    return json(await enrol(await sessionClient()), 201);
  });
}

/** Removes a second factor, or gives up one that is not set up yet. */
export function DELETE(request: Request): Promise<Response> {
  return respond(async () => {
    const user = await requireUser(request);
    requireSameOrigin(request);
    const { id } = check(removeQuery, readQuery(request));
    await requireAccountConfirmation(user);
    await removeFactor(await sessionClient(), id);
    return noContent();
  });
}

const refuse = () => methodNotAllowed("POST, DELETE");

export { refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
