import type { NextRequest } from "next/server";
import { NextResponse } from "next/server";
import { env } from "@/lib/env";
import { sessionClient } from "@/lib/supabase/server";

/**
 * Where the link in a confirmation e-mail leads. Supabase sends either a one-time code (its default) or,
 * with an adapted e-mail template, a token hash.
 */
export async function GET(request: NextRequest): Promise<NextResponse> {
  const { searchParams } = request.nextUrl;
  const supabase = await sessionClient();
  const code = searchParams.get("code");
  const tokenHash = searchParams.get("token_hash");
  if (code) await supabase.auth.exchangeCodeForSession(code);
  else if (tokenHash) await supabase.auth.verifyOtp({ type: "email", token_hash: tokenHash });
  // Without a session the dashboard sends on to the login page. Never to an address from the request.
  return NextResponse.redirect(new URL("/dashboard", env().siteOrigin));
}
