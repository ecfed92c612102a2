import "server-only";
import { readEmails } from "../auth/profiles";
import { env } from "../env";
import { notifyByMail } from "../mail/notify";
import { quotable } from "../teams/quotable";
import { KEPT_DAYS } from "../teams/types";
import { logProblem } from "../vault/http/log";
import { toProblem } from "../vault/http/respond";
import type { Owner } from "../vault/types";
import { tellWebhooks } from "../webhooks/deliver";
import { pageHref } from "../workspace/href";

/** A team that someone has deleted. */
export interface Deletion {
  actorId: string;
  actorEmail: string | null;
  team: { id: string; name: string };
  /** Its other admins, by their id. */
  others: readonly string[];
}

/**
 * Notifies everyone who can restore a deleted team: by mail, through the team's webhooks, and through the other admins'
 * own, because the person who deleted the team may have paused the team's. Never rejects.
 */
export async function tellOfDeletion({ actorId, actorEmail, team, others }: Deletion): Promise<void> {
  const data = { team_id: team.id, team_name: team.name, actor_id: actorId };
  const owners: Owner[] = [
    { type: "team", id: team.id },
    ...others.map((id) => ({ type: "user" as const, id })),
  ];
  await Promise.all([
    mail(team.name, actorEmail, others),
    ...owners.map((owner) => tellWebhooks({ owner, personId: actorId, event: "team.deleted", data })),
  ]);
}

async function mail(name: string, actorEmail: string | null, others: readonly string[]): Promise<void> {
  try {
    const emails = [...(await readEmails(others)).values()];
    const text = [
      `${actorEmail ?? "An admin"} deleted the team ${quotable(name) || "that you're an admin of"}.`,
      `Nobody can use it now. You can restore it within ${KEPT_DAYS} days, with its keys, members, and activity.`,
      `Restore it here: ${env().siteOrigin}${pageHref("team", null)}`,
    ].join("\n\n");
    await notifyByMail("team_deleted", emails, { subject: "A team was deleted", text });
  } catch (error) {
    logProblem(toProblem(error));
  }
}
