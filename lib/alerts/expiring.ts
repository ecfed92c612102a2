import "server-only";
import { z } from "zod";
import { adminClient } from "../supabase/admin";
import { vaultProblem } from "../vault/errors";
import { logProblem } from "../vault/http/log";
import { toProblem } from "../vault/http/respond";
import { utcTime } from "../vault/schema";
import { EXPIRY_NOTICE_MS, type Owner, type SecretMetadata } from "../vault/types";
import { tellWebhooks } from "../webhooks/deliver";
import { listSubscribers } from "../webhooks/store";

const claimed = z.array(z.object({ key: z.string(), expires_at: utcTime }));

/** Whether a date, in ISO 8601, is within 14 days, or past. */
export const expiresSoon = (expiry: string | null): boolean =>
  expiry !== null && Date.parse(expiry) < Date.now() + EXPIRY_NOTICE_MS;

/** Whether one of these secrets expires within 14 days, or has. */
export const hasExpiring = (secrets: readonly Pick<SecretMetadata, "details">[]): boolean =>
  secrets.some(({ details }) => expiresSoon(details?.expires_at ?? null));

/**
 * Notifies an owner's webhooks of the keys that expire within 14 days, or have: one message, in which each key and date is
 * once. As long as no webhook of theirs wants that message, nothing counts as sent. For after the reply. Never rejects;
 * what goes wrong is in the operator's log.
 *
 * @param personId whose request has shown it
 * @param left milliseconds for all attempts
 */
export async function tellOfExpiring(personId: string, owner: Owner, left?: number): Promise<void> {
  try {
    const event = "vault.secret.expiring";
    if ((await listSubscribers(owner, event)).length === 0) return;
    const { data, error } = await adminClient().rpc("claim_expiring", {
      for_type: owner.type,
      for_owner: owner.id,
    });
    if (error) throw vaultProblem("vault_unavailable", { cause: error });
    const soonest = claimed.parse(data).sort((a, b) => (a.expires_at < b.expires_at ? -1 : 1));
    if (soonest.length === 0) return;
    const about = {
      keys: soonest.map(({ key }) => key),
      expires_at: soonest.map(({ expires_at }) => expires_at),
      owner_type: owner.type,
      owner_id: owner.id,
    };
    await tellWebhooks({ owner, personId, event, data: about, left });
  } catch (error) {
    logProblem(toProblem(error));
  }
}
