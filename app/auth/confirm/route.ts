import { cookies } from "next/headers";
import type { NextRequest } from "next/server";
import { afterSignIn, INVITE } from "@/app/login/next";
import { confirmSignIn } from "@/lib/auth/confirmation";
import { choosesPassword, readLink } from "@/lib/auth/links";
import { type NoticeName, noticeHref, noticeOfReport, ofReset } from "@/lib/auth/notices";
import { PENDING_INVITE } from "@/lib/auth/pending-invite";
import { seeOther } from "@/lib/auth/see-other";
import { sessionClient } from "@/lib/supabase/server";
import { methodNotAllowed } from "@/lib/vault/http/respond";
import { uuid } from "@/lib/vault/schema";
import { noticeOf } from "../notice";

/**
 * Where the links in e-mails lead. With our templates they bring a token hash, which the button of the next page uses
 * up: mail scanners open links, and press no buttons. Supabase's own templates bring a one-time code, which works only
 * in the browser that signed up; or a report of what went wrong. A report or a session after the address's # is for the
 * page alone to see, see noticeOfFragment.
 */
export async function GET({ headers, nextUrl: { searchParams } }: NextRequest): Promise<Response> {
  // A link is opened in a window. As a picture or a frame of a foreign page, it would use up the person's tries.
  if ((headers.get("sec-fetch-dest") ?? "document") !== "document") return seeOther("/login");
  const said = (name: string) => searchParams.get(name);
  const code = said("code");
  const tokenHash = said("token_hash");
  if (searchParams.has("error") || searchParams.has("error_code")) {
    return seeOther(noticeHref(noticeOfReport(said("error"), said("error_code"))));
  }
  if (code !== null) {
    const notice = await exchange(code);
    if (notice) return seeOther(noticeHref(notice));
    return seeOther(afterSignIn((await cookies()).has(PENDING_INVITE) ? { next: INVITE } : {}));
  }
  if (tokenHash === null) return seeOther("/login");
  const link = readLink({ type: said("type"), token_hash: tokenHash });
  if (!link) return seeOther(noticeHref(choosesPassword(said("type")) ? ofReset("invalid") : "invalid"));
  return seeOther(`/auth/link?${new URLSearchParams({ token_hash: link.tokenHash, type: link.type })}`);
}

/** Signs in with a one-time code; null once that is done. */
async function exchange(code: string): Promise<NoticeName | null> {
  if (!uuid.safeParse(code).success) return "invalid";
  const { auth } = await sessionClient();
  const { data, error } = await auth.exchangeCodeForSession(code);
  if (error) return noticeOf(error);
  await confirmSignIn(data.session);
  return null;
}

const refuse = () => methodNotAllowed("GET");

export {
  refuse as DELETE,
  refuse as HEAD,
  refuse as OPTIONS,
  refuse as PATCH,
  refuse as POST,
  refuse as PUT,
};
