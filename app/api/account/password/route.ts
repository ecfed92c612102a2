import { NextResponse } from "next/server";
import { changePassword } from "@/lib/account/password";
import { MAX_ACCOUNT_BODY_BYTES, passwordBody } from "@/lib/account/schema";
import { requireAccountConfirmation } from "@/lib/auth/confirmation";
import { forgetSession } from "@/lib/auth/sign-out";
import { receive } from "@/lib/vault/access";
import { json, methodNotAllowed, respond } from "@/lib/vault/http/respond";

/**
 * Changes the password, and ends every other session; with a second factor, this one too. The present password is the
 * confirmation.
 */
export function POST(request: Request): Promise<Response> {
  return respond(async () => {
    const { user, body } = await receive(request, passwordBody, MAX_ACCOUNT_BODY_BYTES);
    // With a second factor, the password alone is not enough.
    if (user.hasSecondFactor) await requireAccountConfirmation(user);
    const isOver = await changePassword(user, body.current_password, body.new_password);
    const said = json({ others_ended: isOver, signed_out: user.hasSecondFactor });
    const reply = new NextResponse(said.body, said);
    if (user.hasSecondFactor) await forgetSession(reply);
    return reply;
  });
}

const refuse = () => methodNotAllowed("POST");

export { refuse as DELETE, refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
