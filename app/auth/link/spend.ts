import "server-only";
import { cookies } from "next/headers";
import { after } from "next/server";
import { INVITED } from "@/lib/auth/invited";
import { LINKS, type Link } from "@/lib/auth/links";
import { unavailable } from "@/lib/auth/messages";
import { type NoticeName, ofReset } from "@/lib/auth/notices";
import { PENDING_INVITE } from "@/lib/auth/pending-invite";
import { proveLink, resetClient } from "@/lib/auth/reset";
import { endSessions } from "@/lib/auth/sign-out";
import { anonymousAuth } from "@/lib/supabase/server";
import { logProblem } from "@/lib/vault/http/log";
import { noticeOf } from "../notice";

/**
 * Uses a link up. The auth server gives a session for it; where the link confirms an address, that is ended again.
 *
 * @returns null where its person may choose a new password now; else what to say
 */
export async function spendLink({ type, tokenHash }: Link): Promise<NoticeName | null> {
  const { choosesPassword } = LINKS[type];
  const auth = choosesPassword ? (await resetClient()).auth : await anonymousAuth();
  const { data, error } = await auth.verifyOtp({ type, token_hash: tokenHash });
  if (error) return choosesPassword ? ofReset(noticeOf(error)) : noticeOf(error);
  const token = data.session?.access_token;
  if (choosesPassword) {
    if (data.session) {
      await proveLink(data.session);
      return null;
    }
    logProblem(unavailable({ name: "NoSession" }));
    return "unanswered";
  }
  if (token) after(() => endSessions(token, "local"));
  if (type !== "email_change") {
    // The invitation is in the browser that signed up, and this may be another one.
    const isAway = data.user?.user_metadata?.[INVITED] === true && !(await cookies()).has(PENDING_INVITE);
    return isAway ? "confirmed-invited" : "confirmed";
  }
  // Where both addresses have to agree, the first of the two links brings no session.
  return token ? "email-changed" : "email-half-changed";
}
