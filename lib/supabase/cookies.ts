import type { CookieOptions } from "@supabase/ssr";
import { env } from "../env";

/**
 * How the session cookie is set. `HttpOnly`, unlike the library's default, because no script of ours reads
 * it and none of anybody else's shall.
 */
export function sessionCookieOptions(): CookieOptions {
  return { path: "/", httpOnly: true, sameSite: "lax", secure: env().siteOrigin.startsWith("https:") };
}
