import { spendLink } from "@/app/auth/link/spend";
import { readForm } from "@/lib/auth/credentials";
import { readLink } from "@/lib/auth/links";
import { noticeHref } from "@/lib/auth/notices";
import { seeOther } from "@/lib/auth/see-other";
import { requireSameOrigin } from "@/lib/vault/http/guard";
import { methodNotAllowed, respond } from "@/lib/vault/http/respond";

// A session that the auth server did not end is ended after the reply.
export const maxDuration = 120;

/** Uses up a link from an e-mail, and signs nobody in: leads to the form for a new password, or says what came of it. */
export function POST(request: Request): Promise<Response> {
  return respond(async () => {
    requireSameOrigin(request);
    const link = readLink(await readForm(request));
    const notice = link ? await spendLink(link) : "invalid";
    return seeOther(notice ? noticeHref(notice) : "/new-password");
  });
}

const refuse = () => methodNotAllowed("POST");

export { refuse as DELETE, refuse as GET, refuse as HEAD, refuse as OPTIONS, refuse as PATCH, refuse as PUT };
