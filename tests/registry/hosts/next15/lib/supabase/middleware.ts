import { createServerClient } from "@supabase/ssr";
import { type NextRequest, NextResponse } from "next/server";

/** Refreshes the session, and sends strangers to the page where they sign in, whatever they asked for. */
export async function updateSession(request: NextRequest) {
  let response = NextResponse.next({ request });
  const { auth } = createServerClient(
    String(process.env.NEXT_PUBLIC_SUPABASE_URL),
    String(process.env.NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY),
    {
      cookies: {
        getAll: () => request.cookies.getAll(),
        setAll(changed) {
          for (const { name, value } of changed) request.cookies.set(name, value);
          response = NextResponse.next({ request });
          for (const { name, value, options } of changed) response.cookies.set(name, value, options);
        },
      },
    },
  );
  const { data } = await auth.getUser();
  const { pathname } = request.nextUrl;
  if (!data.user && pathname !== "/" && !pathname.startsWith("/login")) {
    const page = request.nextUrl.clone();
    page.pathname = "/login";
    page.search = "";
    return NextResponse.redirect(page);
  }
  return response;
}
