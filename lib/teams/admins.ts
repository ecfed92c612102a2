import "server-only";
import { readEmails } from "../auth/profiles";
import { adminClient } from "../supabase/admin";
import { vaultProblem } from "../vault/errors";

/**
 * The e-mail addresses of a team's admins, longest-standing first: whom to ask. For members' eyes only.
 *
 * @param most how many
 * @throws Problem vault_unavailable
 */
export async function listAdminEmails(teamId: string, most = 3): Promise<string[]> {
  const admins = await adminClient()
    .from("team_members")
    .select("user_id")
    .eq("team_id", teamId)
    .eq("role", "admin")
    .order("created_at")
    .order("user_id")
    .limit(most);
  if (admins.error) throw vaultProblem("vault_unavailable", { cause: admins.error });
  const ids = admins.data.map(({ user_id }) => user_id);
  const emails = await readEmails(ids);
  return ids.map((id) => emails.get(id) ?? "").filter((email) => email !== "");
}
