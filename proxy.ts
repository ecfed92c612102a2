import { createServerClient } from "@supabase/ssr";
import { type NextRequest, NextResponse } from "next/server";
import { contentSecurityPolicy } from "./lib/csp/policy";
import { env } from "./lib/env";
import { sessionCookieOptions } from "./lib/supabase/cookies";
import { boundedFetch } from "./lib/vault/http/bounded-fetch";

/**
 * Renews a session that is about to expire and gives each page its Content-Security-Policy. It decides
 * nothing about access: every page and route asks for the session itself.
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  const requestHeaders = new Headers(request.headers);
  const policy = contentSecurityPolicy(crypto.randomUUID().replaceAll("-", ""));
  // Next takes the nonce for its own scripts from this request header.
  requestHeaders.set("Content-Security-Policy", policy);

  const forward = () => {
    requestHeaders.set("cookie", request.cookies.toString());
    const response = NextResponse.next({ request: { headers: requestHeaders } });
    response.headers.set("Content-Security-Policy", policy);
    return response;
  };

  let response = forward();
  const { url, publishableKey } = env().supabase;
  const supabase = createServerClient(url, publishableKey, {
    cookieOptions: sessionCookieOptions(),
    global: { fetch: boundedFetch },
    cookies: {
      getAll: () => request.cookies.getAll(),
      setAll: (changed, headers) => {
        for (const { name, value } of changed) request.cookies.set(name, value);
        response = forward();
        for (const { name, value, options } of changed) response.cookies.set(name, value, options);
        for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
      },
    },
  });
  // Asks the auth server only when the access token has to be renewed. Where that fails, because of a
  // tampered cookie say, the page decides what a request without a valid session gets.
  await supabase.auth.getSession().catch(() => undefined);
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
