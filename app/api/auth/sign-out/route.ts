import { noticeHref } from "@/lib/auth/notices";
import { seeOther } from "@/lib/auth/see-other";
import { forgetSession, signOut } from "@/lib/auth/sign-out";
import { requireSameOrigin } from "@/lib/vault/http/guard";
import { methodNotAllowed, respond } from "@/lib/vault/http/respond";

// A sign-out that the auth server did not confirm is tried again after the reply.
export const maxDuration = 120;

/** Ends this session on the auth server too, so that a copied cookie is worth nothing, and in this browser always. */
export function POST(request: Request): Promise<Response> {
  return respond(async () => {
    requireSameOrigin(request);
    const isConfirmed = await signOut();
    const reply = seeOther(isConfirmed ? "/login" : noticeHref("sign-out-unconfirmed"));
    await forgetSession(reply);
    return reply;
  });
}

const refuse = () => methodNotAllowed("POST");

export { refuse as DELETE, refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
