import { NextResponse } from "next/server";
import { deleteAccount, readDeletion } from "@/lib/account/deletion";
import { deletionBody, MAX_ACCOUNT_BODY_BYTES } from "@/lib/account/schema";
import { requireAccountConfirmation } from "@/lib/auth/confirmation";
import { requirePassword } from "@/lib/auth/present-password";
import { forgetSession } from "@/lib/auth/sign-out";
import { receive, requireUser } from "@/lib/vault/access";
import { json, methodNotAllowed, noContent, respond } from "@/lib/vault/http/respond";

/** What goes when the account is deleted, and which teams somebody has to take over first. */
export function GET(request: Request): Promise<Response> {
  return respond(async () => {
    const user = await requireUser(request);
    return json(await readDeletion(user.id));
  });
}

/** Deletes the account; its sessions go with it. No DELETE, whose body may get lost on its way (RFC 9110, 9.3.5). */
export function POST(request: Request): Promise<Response> {
  return respond(async () => {
    const { user, body } = await receive(request, deletionBody, MAX_ACCOUNT_BODY_BYTES);
    // With a second factor, the password alone is not enough.
    if (user.hasSecondFactor) await requireAccountConfirmation(user);
    await requirePassword(user, body.password);
    await deleteAccount(user.id, body.teams);
    const reply = new NextResponse(null, noContent());
    await forgetSession(reply);
    return reply;
  });
}

const refuse = () => methodNotAllowed("GET, POST");

export { refuse as DELETE, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
