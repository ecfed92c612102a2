import { requireAccountConfirmation } from "@/lib/auth/confirmation";
import { MAX_FACTOR_BODY_BYTES, verifyBody } from "@/lib/auth/factor-schema";
import { finishEnrolment } from "@/lib/auth/factors";
import { sessionClient } from "@/lib/supabase/server";
import { receive } from "@/lib/vault/access";
import { methodNotAllowed, noContent, respond } from "@/lib/vault/http/respond";

/** Ends the setup of an authenticator app with its first code, and sets the session cookie again. */
export function POST(request: Request): Promise<Response> {
  return respond(async () => {
    const { user, body } = await receive(request, verifyBody, MAX_FACTOR_BODY_BYTES);
    await requireAccountConfirmation(user);
    await finishEnrolment(await sessionClient(), body.id, body.code);
    return noContent();
  });
}

const refuse = () => methodNotAllowed("POST");

export { refuse as DELETE, refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
