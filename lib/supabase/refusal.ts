import { vaultProblem } from "../vault/errors";
import type { Problem } from "../vault/http/problem";

/**
 * What a statement that asks for the role itself refuses with: who asks is not in such a team, is no admin of it, or wants to
 * see a value that is for use only.
 *
 * @returns undefined for any other error, and for none
 */
export function refusalOf(error: { code: string } | null): Problem | undefined {
  if (error?.code === "PT404") return vaultProblem("team_not_found");
  if (error?.code === "PT403") return vaultProblem("team_role_required");
  if (error?.code === "PT423") return vaultProblem("secret_use_only");
  return undefined;
}

/** {@link refusalOf} an error, or that the database did not answer. */
export const explainRefusal = (error: { code: string }): Problem =>
  refusalOf(error) ?? vaultProblem("vault_unavailable", { cause: error });
