import { createServerClient } from "@supabase/ssr";
import { type NextRequest, NextResponse } from "next/server";

/** Refreshes the session, as Supabase's own guide for Next.js has it. */
export async function proxy(request: NextRequest) {
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
  await auth.getUser();
  return response;
}

export const config = { matcher: ["/((?!_next/static|_next/image|favicon.ico).*)"] };
