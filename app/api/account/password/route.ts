import { changePassword } from "@/lib/account/password";
import { MAX_ACCOUNT_BODY_BYTES, passwordBody } from "@/lib/account/schema";
import { requireConfirmation } from "@/lib/auth/confirmation";
import { receive } from "@/lib/vault/access";
import { json, methodNotAllowed, respond } from "@/lib/vault/http/respond";

/** Changes the password, and ends all other sessions. The present password is the confirmation. */
export function POST(request: Request): Promise<Response> {
  return respond(async () => {
    const { user, body } = await receive(request, passwordBody, MAX_ACCOUNT_BODY_BYTES);
    // With a second factor, the password alone is not enough.
    if (user.hasSecondFactor) await requireConfirmation(user);
    const isElsewhereOver = await changePassword(user, body.current_password, body.new_password);
    return json({ others_ended: isElsewhereOver });
  });
}

const refuse = () => methodNotAllowed("POST");

export { refuse as DELETE, refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
