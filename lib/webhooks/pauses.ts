import "server-only";
import { env } from "../env";
import { notifyByMail } from "../mail/notify";
import { adminClient } from "../supabase/admin";
import { ownerInWords, ownersEmails } from "../teams/owner-mail";
import { logProblem } from "../vault/http/log";
import { toProblem } from "../vault/http/respond";
import type { Owner } from "../vault/types";
import { pageHref } from "../workspace/href";
import { webhookProblem } from "./errors";
import type { Webhook } from "./schema";
import { MAX_FAILURES } from "./types";

/**
 * Claims to tell that a webhook paused itself: once for each pause, also where two attempts end it together.
 *
 * @returns why it did, null where there is nothing to tell
 * @throws Problem webhooks_unavailable
 */
export async function claimPause(webhookId: string): Promise<Webhook["pause_reason"]> {
  const { data, error } = await adminClient()
    .from("webhooks")
    .update({ pause_is_untold: false })
    .eq("id", webhookId)
    .is("pause_is_untold", true)
    .select("pause_reason")
    .maybeSingle();
  if (error) throw webhookProblem("webhooks_unavailable", { cause: error });
  return data?.pause_reason ?? null;
}

/**
 * Says by mail, to the person or the team's admins, that one of their webhooks paused itself. Never rejects. The mail does
 * not name the address, which may be a secret, or one that another admin wants people to open.
 */
export async function mailPause(owner: Owner, reason: Webhook["pause_reason"]): Promise<void> {
  try {
    const [whose, emails] = await Promise.all([ownerInWords(owner), ownersEmails(owner)]);
    const page = pageHref("dashboard", owner.type === "team" ? owner.id : null);
    const text = [
      reason === "gone"
        ? `A webhook of ${whose} is paused: its receiver responded that it's gone (410).`
        : `A webhook of ${whose} is paused after ${MAX_FAILURES} failed attempts in a row.`,
      "Nothing is sent to it, and nothing is kept for later, until someone resumes it.",
      `See its deliveries: ${env().siteOrigin}${page}#webhooks`,
    ].join("\n\n");
    await notifyByMail("webhook_paused", emails, { subject: "A webhook is paused", text });
  } catch (error) {
    logProblem(toProblem(error));
  }
}

/**
 * Whether one of an owner's webhooks paused itself, and nobody has looked at it since.
 *
 * @throws Problem webhooks_unavailable
 */
export async function hasUnseenPause(owner: Owner): Promise<boolean> {
  const { data, error } = await adminClient()
    .from("webhooks")
    .select("id")
    .eq(owner.type === "team" ? "team_id" : "user_id", owner.id)
    .is("pause_is_unseen", true)
    .limit(1);
  if (error) throw webhookProblem("webhooks_unavailable", { cause: error });
  return data.length > 0;
}
