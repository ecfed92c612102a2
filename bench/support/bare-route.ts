import { getSessionUser } from "@/lib/auth/session";
import { adminClient } from "@/lib/supabase/admin";

/**
 * What the vault's routes are measured against, in a build of the same app: the same session check, one select,
 * and nothing else. With `key`, of one row with its ciphertext; without, of all the person's metadata. With `only`, less.
 */
export async function GET(request: Request): Promise<Response> {
  const { searchParams } = new URL(request.url);
  const [only, key] = [searchParams.get("only"), searchParams.get("key")];
  if (only === "next") return Response.json([]);
  const user = await getSessionUser();
  if (!user) return new Response(null, { status: 401 });
  if (only === "session") return Response.json([]);
  const columns =
    "id, owner_type, owner_id, key, category, description, last_rotated_at, created_at, updated_at";
  const table = adminClient().from("vault_secrets");
  const { data, error } = key
    ? await table.select("encrypted_value").eq("owner_type", "user").eq("owner_id", user.id).eq("key", key)
    : await table.select(columns).eq("owner_type", "user").eq("owner_id", user.id);
  return Response.json(data, { status: error ? 503 : 200 });
}
