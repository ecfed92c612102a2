import "server-only";
import { z } from "zod";
import { adminClient } from "../supabase/admin";
import { vaultProblem } from "../vault/errors";
import { uuid } from "../vault/schema";
import type { Candidates } from "../vault/types";

/** A row without a ciphertext is none of these: taken for "no such secret", it would make somebody else pay. */
const candidateRows = z.array(
  z.object({ owner_type: z.enum(["user", "team"]), encrypted_value: z.string() }),
);

/**
 * The ciphertexts that a person may use under a key while they work in a team: their own, and the team's if they are
 * a member of it now. The database looks at the membership and at the secrets in one statement.
 *
 * @param userId UUID from the session
 * @param teamId UUID, possibly of a team that does not exist
 * @throws Problem vault_unavailable
 */
export async function readCandidates(userId: string, teamId: string, key: string): Promise<Candidates> {
  // This filter is text, so what goes into it is checked here whatever the caller has checked.
  const inTeam = `team_id.is.null,team_id.eq.${uuid.parse(teamId)}`;
  const { data, error } = await adminClient()
    .from("vault_candidates")
    .select("owner_type, encrypted_value")
    .eq("user_id", userId)
    .eq("key", key)
    .or(inTeam);
  const rows = candidateRows.safeParse(data);
  if (error || !rows.success) throw vaultProblem("vault_unavailable", { cause: error ?? rows.error });
  const held = rows.data.map((row) => [row.owner_type, row.encrypted_value]);
  return { user: null, team: null, ...Object.fromEntries(held) };
}
