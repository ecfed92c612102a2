import { LeftWebhooksNotice } from "@/components/activity/LeftWebhooksNotice";
import { RotateNotice } from "@/components/activity/RotateNotice";
import type { Exposure } from "@/lib/activity/exposures";
import type { OpenInvite, TeamBudgets, TeamMember, TeamSummary } from "@/lib/teams/types";
import type { LeftWebhook } from "@/lib/webhooks/left";
import { BudgetCard } from "./BudgetCard";
import { InvitesCard } from "./InvitesCard";
import { LeaveCard } from "./LeaveCard";
import { MembersCard } from "./MembersCard";
import { NameCard } from "./NameCard";
import { PolicyCard } from "./PolicyCard";

interface TeamViewProps {
  team: TeamSummary;
  members: TeamMember[];
  budgets: TeamBudgets;
  /** What only admins see; null for members. */
  admin: {
    invites: OpenInvite[];
    exposures: Exposure[];
    leftWebhooks: LeftWebhook[];
    secretCount: number;
    canMail: boolean;
  } | null;
}

const WORDS_FOR_MEMBERS = {
  managed: "You're a member of this team. Its admins manage its keys.",
  // The last one's account was deleted by the operator.
  unmanaged:
    "This team has no admin. You can use its keys, but no one can change them or invite people. " +
    "Ask the operator of this site to make one of you an admin.",
};

/** A team: who is in it, who may come, and whose keys pay. */
export function TeamView({ team, members, budgets, admin }: TeamViewProps) {
  const admins = members.filter(({ role }) => role === "admin").length;
  const [hasAdmin, isOnlyAdmin] = [admins > 0, admin !== null && admins === 1];
  return (
    <main
      id="content"
      tabIndex={-1}
      className="mx-auto flex w-full max-w-7xl flex-col gap-5 px-4 py-5 sm:px-6 lg:py-8"
    >
      <div>
        <h1
          id="team-title"
          tabIndex={-1}
          className="text-xl font-semibold tracking-tight focus-visible:outline-hidden [overflow-wrap:anywhere]"
        >
          {team.name}
        </h1>
        <p className="text-sm text-muted-foreground">
          {admin ? "You're an admin of this team." : WORDS_FOR_MEMBERS[hasAdmin ? "managed" : "unmanaged"]}
        </p>
      </div>
      {admin && <RotateNotice exposures={admin.exposures} teamId={team.id} />}
      {admin && <LeftWebhooksNotice webhooks={admin.leftWebhooks} teamId={team.id} />}
      <div className="grid items-start gap-5 lg:grid-cols-[3fr_2fr]">
        <div className="flex min-w-0 flex-col gap-5">
          <MembersCard
            team={team}
            members={members}
            budgets={budgets}
            isOnlyAdmin={isOnlyAdmin}
            hasOpenInvites={admin !== null && admin.invites.length > 0}
          />
          {admin && <InvitesCard team={team} invites={admin.invites} canMail={admin.canMail} />}
        </div>
        <div className="flex min-w-0 flex-col gap-5">
          {admin && <NameCard team={team} />}
          <PolicyCard team={team} />
          <BudgetCard team={team} budgets={budgets} />
          <LeaveCard
            team={team}
            userId={members.find(({ is_you }) => is_you)?.user_id ?? ""}
            memberCount={members.length}
            secretCount={admin?.secretCount ?? null}
            isOnlyAdmin={isOnlyAdmin}
          />
        </div>
      </div>
    </main>
  );
}
