import { type NextRequest, NextResponse } from "next/server";
import { placeOfLink } from "./lib/auth/stray-link";
import { contentSecurityPolicy } from "./lib/csp/policy";
import { env } from "./lib/env";
import { RENEWAL_UNKNOWN } from "./lib/supabase/renewal";
import { logAnswer, methodNotAllowed } from "./lib/vault/http/respond";
import { clientAddress } from "./lib/vault/session/client-address";
import { sessionCookie } from "./lib/vault/session/cookies";
import { openSession, renewalProblem } from "./lib/vault/session/session";

/**
 * Renews a session that is about to expire and gives each page its Content-Security-Policy. It decides
 * nothing about access: every page and route asks for the session itself.
 */
export async function proxy(request: NextRequest): Promise<Response> {
  // Pages are only read. What an older build's forms and others send to one, Next would take for a server action, of
  // which there is none, and would write a stack into the log for each.
  if (request.method !== "GET" && request.method !== "HEAD") return methodNotAllowed("GET, HEAD");
  const { supabase, siteOrigin, clientAddressHeader } = env();
  const link = placeOfLink(request.nextUrl);
  if (link) return NextResponse.redirect(new URL(link, siteOrigin), 303);
  const requestHeaders = new Headers(request.headers);
  requestHeaders.delete(RENEWAL_UNKNOWN);
  const policy = contentSecurityPolicy(crypto.randomUUID().replaceAll("-", ""));
  // Next takes the nonce for its own scripts from this request header.
  requestHeaders.set("Content-Security-Policy", policy);

  const renewed: Parameters<typeof NextResponse.prototype.cookies.set>[] = [];
  const session = openSession({
    ...supabase,
    cookieOptions: sessionCookie(supabase.url, siteOrigin),
    cookieHeader: request.headers.get("cookie"),
    clientAddress: clientAddress(request.headers, clientAddressHeader),
    userAgent: request.headers.get("user-agent"),
    setCookies: (changes) => {
      for (const { name, value, options } of changes) {
        if (value) request.cookies.set(name, value);
        else request.cookies.delete(name);
        renewed.push([name, value, options]);
      }
      // Only now: this drops cookies of one name but the last, and the page is to see that there are two.
      requestHeaders.set("cookie", request.cookies.toString());
    },
  });
  // Asks the auth server only when the access token has to be renewed. Where that fails, because of a
  // tampered cookie say, the page decides what a request without a valid session gets.
  await session.auth.getSession().catch(() => undefined);
  const failure = session.renewalFailure();
  if (failure) {
    logAnswer(renewalProblem(failure));
    requestHeaders.set(RENEWAL_UNKNOWN, "1");
  }

  const response = NextResponse.next({ request: { headers: requestHeaders } });
  response.headers.set("Content-Security-Policy", policy);
  if (renewed.length > 0) response.headers.set("Cache-Control", "private, no-store");
  for (const cookie of renewed) response.cookies.set(...cookie);
  return response;
}

// API routes are left out: they renew their session themselves, and Next would read a request's whole body
// for the proxy before the route could refuse it. So are bodies that no page takes: next.config.ts refuses them.
export const config = {
  matcher: [
    {
      source: "/((?!api/|_next/static/|_next/image$|favicon\\.ico$|icon\\.svg$).*)",
      missing: [
        { type: "header", key: "content-length", value: "0*[1-9]\\d*" },
        { type: "header", key: "transfer-encoding" },
        { type: "header", key: "content-type", value: "multipart/.*" },
      ],
    },
  ],
};
