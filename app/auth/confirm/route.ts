import { createClient } from "@supabase/supabase-js";
import type { NextRequest } from "next/server";
import { NextResponse } from "next/server";
import { env } from "@/lib/env";
import { sessionClient } from "@/lib/supabase/server";
import { boundedFetch } from "@/lib/vault/http/bounded-fetch";

/**
 * Where the link in a confirmation e-mail leads. Supabase sends a one-time code (its default), which works
 * only in the browser that signed up, or, with an adapted e-mail template, a token hash.
 *
 * A token hash confirms the address and signs nobody in: somebody could send the link of an account of their
 * own, and whoever opened it would store keys in there.
 */
export async function GET(request: NextRequest): Promise<NextResponse> {
  const { searchParams } = request.nextUrl;
  const { supabase, siteOrigin } = env();
  const code = searchParams.get("code");
  const tokenHash = searchParams.get("token_hash");
  // Never to an address from the request.
  const to = (path: string) => NextResponse.redirect(new URL(path, siteOrigin));
  if (code) {
    const { error } = await (await sessionClient()).auth.exchangeCodeForSession(code);
    return to(error ? "/login?confirmed" : "/dashboard");
  }
  if (tokenHash) {
    const { auth } = createClient(supabase.url, supabase.publishableKey, {
      auth: { persistSession: false, autoRefreshToken: false },
      global: { fetch: boundedFetch },
    });
    const { error } = await auth.verifyOtp({ type: "email", token_hash: tokenHash });
    return to(error ? "/login?expired" : "/login?confirmed");
  }
  return to("/login");
}
