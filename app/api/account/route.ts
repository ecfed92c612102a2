import { NextResponse } from "next/server";
import { deleteAccount } from "@/lib/account/deletion";
import { deletionBody, MAX_ACCOUNT_BODY_BYTES } from "@/lib/account/schema";
import { requirePassword } from "@/lib/auth/present-password";
import { forgetSession } from "@/lib/auth/sign-out";
import { receive } from "@/lib/vault/access";
import { methodNotAllowed, noContent, respond } from "@/lib/vault/http/respond";

/** Deletes the account. Its sessions go with it. */
export function DELETE(request: Request): Promise<Response> {
  return respond(async () => {
    const { user, body } = await receive(request, deletionBody, MAX_ACCOUNT_BODY_BYTES);
    await requirePassword(user, body.password);
    await deleteAccount(user.id, body.teams);
    const reply = new NextResponse(null, noContent());
    await forgetSession(reply);
    return reply;
  });
}

const refuse = () => methodNotAllowed("DELETE");

export { refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as POST, refuse as PUT };
