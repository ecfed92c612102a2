import "server-only";
import { env } from "../env";
import { adminClient } from "../supabase/admin";
import { ownersEmails } from "../teams/owner-mail";
import { vaultProblem } from "../vault/errors";
import type { Owner } from "../vault/types";
import type { Alert } from "./types";

/** Who gets an alert. */
export interface Recipients {
  /** Whose webhooks get it. */
  owners: Owner[];
  /** E-mail addresses. */
  emails: string[];
}

/**
 * The platform's caps are the operators' business, a team's is its admins', and a member's is theirs alone.
 *
 * @throws Problem vault_unavailable
 */
export async function recipientsOf({ teamId, userId }: Alert): Promise<Recipients> {
  const [type, id] = userId !== null ? (["user", userId] as const) : (["team", teamId] as const);
  if (id !== null) return { owners: [{ type, id }], emails: await ownersEmails({ type, id }) };
  const { operatorEmails } = env();
  return { owners: await listOperators(operatorEmails), emails: [...operatorEmails] };
}

/** @throws Problem vault_unavailable */
async function listOperators(emails: readonly string[]): Promise<Owner[]> {
  if (emails.length === 0) return [];
  const { data, error } = await adminClient().rpc("confirmed_accounts", { emails: [...emails] });
  if (error) throw vaultProblem("vault_unavailable", { cause: error });
  return data.flatMap(({ id }) => (id === null ? [] : [{ type: "user" as const, id }]));
}
