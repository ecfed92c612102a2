import { redirect } from "next/navigation";
import { getSessionUser } from "@/lib/auth/session";

/** There is no page at `/`, so that a development server answers here before it has compiled one. */
export async function GET(): Promise<never> {
  // A page says it better where nobody can tell who this is.
  const user = await getSessionUser().catch(() => "unknown");
  redirect(user ? "/dashboard" : "/login");
}
