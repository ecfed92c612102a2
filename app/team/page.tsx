import { redirect } from "next/navigation";
import { Header } from "@/components/layout/Header";
import { TeamView } from "@/components/teams/TeamView";
import { listExposures } from "@/lib/activity/exposures";
import { canSendMail } from "@/lib/mail/send";
import { listOpenInvites } from "@/lib/teams/invites";
import { listMembers } from "@/lib/teams/members";
import { readBudgets } from "@/lib/teams/spending";
import type { TeamSummary } from "@/lib/teams/types";
import { listSecrets } from "@/lib/vault/service";
import { listLeftWebhooks } from "@/lib/webhooks/left";
import { pageHref } from "@/lib/workspace/href";
import { loadWorkspace, type SearchParams } from "@/lib/workspace/load";
import { workspaceTitle } from "@/lib/workspace/title";

export const generateMetadata = workspaceTitle("Team", "team");

export default async function TeamPage({ searchParams }: { searchParams: SearchParams }) {
  const workspace = await loadWorkspace(searchParams, "team");
  const { user, team } = workspace;
  if (!team) redirect(pageHref("dashboard", null));
  return (
    <>
      <noscript>
        <p className="border-b px-4 py-2 text-sm">This page needs JavaScript. Turn it on to make changes.</p>
      </noscript>
      <Header workspace={workspace} page="team" />
      <Team team={team} userId={user.id} />
    </>
  );
}

async function Team({ team, userId }: { team: TeamSummary; userId: string }) {
  const [members, budgets, admin] = await Promise.all([
    listMembers(team.id, userId),
    readBudgets(team, userId),
    team.role === "admin" ? loadForAdmin(team.id) : null,
  ]);
  return <TeamView team={team} members={members} budgets={budgets} admin={admin} />;
}

async function loadForAdmin(teamId: string) {
  const [invites, exposures, leftWebhooks, secrets] = await Promise.all([
    listOpenInvites(teamId),
    listExposures(teamId),
    listLeftWebhooks(teamId),
    listSecrets({ type: "team", id: teamId }),
  ]);
  return { invites, exposures, leftWebhooks, secretCount: secrets.length, canMail: canSendMail() };
}
