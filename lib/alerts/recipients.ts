import "server-only";
import { readEmails } from "../auth/profiles";
import { env } from "../env";
import { adminClient } from "../supabase/admin";
import { listAdminEmails } from "../teams/admins";
import { vaultProblem } from "../vault/errors";
import type { Owner } from "../vault/types";
import type { Alert } from "./types";

/** Who hears of an alert. */
export interface Recipients {
  /** Whose webhooks are told. */
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
  if (userId !== null) {
    const emails = [...(await readEmails([userId])).values()];
    return { owners: [{ type: "user", id: userId }], emails };
  }
  if (teamId !== null) {
    return { owners: [{ type: "team", id: teamId }], emails: await listAdminEmails(teamId, MOST_ADMINS) };
  }
  const { operatorEmails } = env();
  return { owners: await listOperators(operatorEmails), emails: [...operatorEmails] };
}

const MOST_ADMINS = 20;

/** An address belongs to one account, and only somebody who has confirmed it can sign in and add a webhook. */
async function listOperators(emails: readonly string[]): Promise<Owner[]> {
  if (emails.length === 0) return [];
  const { data, error } = await adminClient()
    .from("profiles")
    .select("user_id")
    .in("email", [...emails]);
  if (error) throw vaultProblem("vault_unavailable", { cause: error });
  return data.map(({ user_id }) => ({ type: "user", id: user_id }));
}
