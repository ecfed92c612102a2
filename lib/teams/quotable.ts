import "server-only";
import { adminClient } from "../supabase/admin";
import { vaultProblem } from "../vault/errors";

/**
 * A team's name as it may be in a mail from us: in quotation marks, and without anything that mail programs make a link
 * of, such as `example.com`. Empty where nothing is left of it.
 */
export function quotable(name: string): string {
  const plain = name
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{Zs}&'’(),.!?#_+-]/gu, " ")
    .replaceAll(/\.(?=\S)/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
  return plain && `“${plain}”`;
}

/**
 * {@link quotable} for a team by its id; "a team" where there is nothing to quote.
 *
 * @throws Problem vault_unavailable
 */
export async function readQuotableName(teamId: string): Promise<string> {
  const { data, error } = await adminClient().from("teams").select("name").eq("id", teamId).maybeSingle();
  if (error) throw vaultProblem("vault_unavailable", { cause: error });
  return (data && quotable(data.name)) || "a team";
}
