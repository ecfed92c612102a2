import { NextResponse } from "next/server";
import { sessionsQuery } from "@/lib/account/schema";
import { recordAccount } from "@/lib/activity/record";
import { requireAccountConfirmation } from "@/lib/auth/confirmation";
import { forgetSession, signOutElsewhere } from "@/lib/auth/sign-out";
import { requireUser } from "@/lib/vault/access";
import { readQuery, requireSameOrigin } from "@/lib/vault/http/guard";
import { check, methodNotAllowed, noContent, respond } from "@/lib/vault/http/respond";

/** Ends the person's other sessions (`scope=others`), or all of them, this one too (`scope=global`). */
export function DELETE(request: Request): Promise<Response> {
  return respond(async () => {
    const user = await requireUser(request);
    requireSameOrigin(request);
    const { scope } = check(sessionsQuery, readQuery(request));
    await requireAccountConfirmation(user);
    await signOutElsewhere(scope);
    await recordAccount(user.id, "sessions_ended", { scope });
    const reply = new NextResponse(null, noContent());
    if (scope === "global") await forgetSession(reply);
    return reply;
  });
}

const refuse = () => methodNotAllowed("DELETE");

export { refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as POST, refuse as PUT };
