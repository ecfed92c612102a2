import "server-only";
import { env } from "../env";
import { notifyByMail } from "../mail/notify";
import { adminClient } from "../supabase/admin";
import { ownerInWords, ownersEmails } from "../teams/owner-mail";
import { vaultProblem } from "../vault/errors";
import { logProblem } from "../vault/http/log";
import { toProblem } from "../vault/http/respond";
import type { Owner } from "../vault/types";
import { tellWebhooks } from "../webhooks/deliver";
import { pageHref } from "../workspace/href";

/** What a provider said about a stored key. */
export interface KeyVerdict {
  /** Who ran or checked it. */
  userId: string;
  owner: Owner;
  key: string;
  isRefused: boolean;
  /** Just before the value was read: a verdict says nothing about a value that was stored later. */
  readAt: Date;
  /** Where it came from: a run, or someone who checked the key. */
  source: "run" | "check";
}

/**
 * Records a verdict. When a key that worked is refused, notifies the owner's webhooks and, by mail, the person or the team's
 * admins: once until it works again or has a new value. Never rejects; failures are in the operator's log.
 *
 * @param left milliseconds for telling webhooks
 */
export async function noteVerdict(verdict: KeyVerdict, left?: number): Promise<void> {
  const { userId, owner, key, isRefused, source } = verdict;
  try {
    if (!(await changesState(verdict)) || !isRefused) return;
    const data = { key, owner_type: owner.type, owner_id: owner.id, source };
    const [whose, emails] = await Promise.all([ownerInWords(owner), ownersEmails(owner)]);
    const page = `${env().siteOrigin}${pageHref("dashboard", owner.type === "team" ? owner.id : null)}`;
    const text = [
      source === "run"
        ? `A run failed because the provider refused ${key} in ${whose}.`
        : `Someone checked ${key} in ${whose}, and the provider refuses it.`,
      "It won't work until someone replaces it. You get this notice once for each value.",
      `Replace it in the vault: ${page}`,
    ].join("\n\n");
    await Promise.all([
      tellWebhooks({ owner, personId: userId, event: "vault.secret.refused", data, left }),
      notifyByMail("refused_key", emails, { subject: `Key refused: ${key}`, text }),
    ]);
  } catch (error) {
    logProblem(toProblem(error));
  }
}

/** @throws Problem vault_unavailable */
async function changesState({ owner, key, isRefused, readAt }: KeyVerdict): Promise<boolean> {
  const { data, error } = await adminClient().rpc(isRefused ? "refuse_key" : "accept_key", {
    for_type: owner.type,
    for_owner: owner.id,
    for_key: key,
    read_at: readAt.toISOString(),
  });
  if (error) throw vaultProblem("vault_unavailable", { cause: error });
  return data.length > 0;
}
