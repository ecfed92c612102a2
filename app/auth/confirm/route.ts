import { type AuthError, createClient } from "@supabase/supabase-js";
import type { NextRequest } from "next/server";
import { type NoticeName, noticeHref, noticeOfReport } from "@/app/login/notices";
import { confirmSignIn } from "@/lib/auth/confirmation";
import { unavailable } from "@/lib/auth/messages";
import { seeOther } from "@/lib/auth/see-other";
import { authServer, sessionClient } from "@/lib/supabase/server";
import { logProblem } from "@/lib/vault/http/log";
import { methodNotAllowed } from "@/lib/vault/http/respond";
import { uuid } from "@/lib/vault/schema";
import { authFetch } from "@/lib/vault/session/auth-fetch";
import { isOutage } from "@/lib/vault/session/session";

/**
 * Where the link in a confirmation e-mail leads. Supabase sends a one-time code (its default), which works
 * only in the browser that signed up, or, with an adapted e-mail template, a token hash; or a report of what went
 * wrong. A report after the address's # is for the page alone to see, see noticeOfFragment.
 *
 * A token hash confirms the address and signs nobody in: somebody could send the link of an account of their
 * own, and whoever opened it would store keys in there.
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
    return seeOther(notice ? noticeHref(notice) : "/dashboard");
  }
  return seeOther(tokenHash === null ? "/login" : noticeHref(await confirm(tokenHash)));
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

/** What a SHA-2 hash in hexadecimal is like. Supabase puts a word before that of an address with a code. */
const TOKEN_HASH = /^(pkce_)?[0-9a-f]{40,128}$/;

async function confirm(tokenHash: string): Promise<NoticeName> {
  if (!TOKEN_HASH.test(tokenHash)) return "invalid";
  const server = await authServer();
  const { auth } = createClient(server.url, server.publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false },
    global: { fetch: authFetch(server).fetch },
  });
  const { error } = await auth.verifyOtp({ type: "email", token_hash: tokenHash });
  return error ? noticeOf(error) : "confirmed";
}

/** What the auth server's refusal of a link means. */
function noticeOf(error: AuthError): NoticeName {
  // The link is for the browser that signed up, and this is another one.
  if (error.name === "AuthPKCECodeVerifierMissingError") return "elsewhere";
  if (error.status === 429) return "unanswered";
  if (!isOutage(error)) return noticeOfReport(null, error.code ?? null);
  logProblem(unavailable(error));
  return "unanswered";
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
