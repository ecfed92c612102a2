import { redirect } from "next/navigation";
import { getSessionUser } from "@/lib/auth/session";

/** There is no page at `/`, so that a development server answers here before it has compiled one. */
export async function GET(): Promise<never> {
  // If the auth server does not answer, the dashboard's error page says so.
  const user = await getSessionUser().catch(() => "unknown");
  redirect(user ? "/dashboard" : "/login");
}
