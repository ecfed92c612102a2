import "server-only";
import { adminClient } from "../supabase/admin";
import { vaultProblem } from "../vault/errors";

/**
 * Writes down that an admin rotated a team's key at its provider, which takes it off the list of keys to rotate. The
 * statement that writes it asks for the role.
 *
 * @throws Problem secret_not_found, if there is no such key or the role was lost in the meantime; vault_unavailable
 */
export async function confirmRotation(adminId: string, teamId: string, key: string): Promise<void> {
  const { data, error } = await adminClient()
    .rpc("confirm_rotation", { admin: adminId, for_team: teamId, for_key: key })
    .single();
  if (error) throw vaultProblem("vault_unavailable", { cause: error });
  if (!data.confirmed) throw vaultProblem("secret_not_found");
}
