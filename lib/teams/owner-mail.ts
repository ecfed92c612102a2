import "server-only";
import { readEmails } from "../auth/profiles";
import type { Owner } from "../vault/types";
import { listAdminEmails } from "./admins";
import { readQuotableName } from "./quotable";

const MOST_ADMINS = 20;

/**
 * Who is written to about an owner's secrets and webhooks: the person, or the team's admins.
 *
 * @throws Problem vault_unavailable
 */
export async function ownersEmails({ type, id }: Owner): Promise<string[]> {
  return type === "team" ? listAdminEmails(id, MOST_ADMINS) : [...(await readEmails([id])).values()];
}

/**
 * What an owner's workspace is called in a mail to them.
 *
 * @throws Problem vault_unavailable
 */
export async function ownerInWords({ type, id }: Owner): Promise<string> {
  return type === "team" ? readQuotableName(id) : "your own workspace";
}
