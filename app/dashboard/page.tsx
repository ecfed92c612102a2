import { cookies } from "next/headers";
import { after } from "next/server";
import { DashboardContent } from "@/components/DashboardContent";
import { Header } from "@/components/layout/Header";
import { SkipLink } from "@/components/layout/SkipLink";
import { listExposures } from "@/lib/activity/exposures";
import { hasExpiring, tellOfExpiring } from "@/lib/alerts/expiring";
import { firstVisitCookie } from "@/lib/first-visit";
import { PANEL_COOKIE, panelNamed } from "@/lib/panel";
import { hasHadAnswer } from "@/lib/reveal/answered";
import { readLastUse } from "@/lib/reveal/health";
import { revealModels } from "@/lib/reveal/model";
import { explainPayers } from "@/lib/reveal/payers";
import { listDeletedTeams } from "@/lib/teams/deleted";
import { listMembers } from "@/lib/teams/members";
import { listOverlaps } from "@/lib/teams/overlaps";
import { listSecrets } from "@/lib/vault/service";
import type { Owner } from "@/lib/vault/types";
import { listLeftWebhooks } from "@/lib/webhooks/left";
import { listWebhooks } from "@/lib/webhooks/store";
import { loadWorkspace, type SearchParams, type Workspace } from "@/lib/workspace/load";
import { workspaceTitle } from "@/lib/workspace/title";

export const generateMetadata = workspaceTitle("Dashboard", "dashboard");

/** Seconds that a host like Vercel gives the request, and what the app does after the reply. */
export const maxDuration = 60;

export default async function DashboardPage({ searchParams }: { searchParams: SearchParams }) {
  const workspace = await loadWorkspace(searchParams, "dashboard");
  return (
    <>
      <SkipLink to="reveal" field="textarea">
        Skip to Reveal
      </SkipLink>
      <noscript>
        <p className="border-b px-4 py-2 text-sm">
          The dashboard needs JavaScript. Turn it on to work with your keys.
        </p>
      </noscript>
      <Header workspace={workspace} page="dashboard" />
      <Dashboard workspace={workspace} />
    </>
  );
}

async function Dashboard({ workspace: { user, team, teams } }: { workspace: Workspace }) {
  const owner: Owner = team ? { type: "team", id: team.id } : { type: "user", id: user.id };
  const kept = await cookies();
  const isFirstVisit = !team && !kept.has(firstVisitCookie(user.id));
  const [
    secrets,
    webhooks,
    payers,
    lastUse,
    exposures,
    leftWebhooks,
    deletedTeams,
    hasAnswer,
    overlaps,
    members,
  ] = await Promise.all([
    listSecrets(owner),
    team?.role === "member" ? null : listWebhooks(owner),
    explainPayers(user, team),
    readLastUse(owner),
    team?.role === "admin" ? listExposures(team.id) : [],
    team?.role === "admin" ? listLeftWebhooks(team.id) : [],
    team ? [] : listDeletedTeams(user.id),
    isFirstVisit && hasHadAnswer(user.id),
    listOverlaps(user.id, team?.id ?? null, teams),
    team ? listMembers(team.id, user.id) : [],
  ]);
  if (hasExpiring(secrets)) after(() => tellOfExpiring(user.id, owner));
  return (
    <DashboardContent
      userId={user.id}
      team={team}
      initialSecrets={secrets}
      initialWebhooks={webhooks}
      initialPayers={payers}
      models={revealModels()}
      initialUse={lastUse}
      members={Object.fromEntries(members.map(({ user_id, email }) => [user_id, email]))}
      exposures={exposures}
      leftWebhooks={leftWebhooks}
      deletedTeams={deletedTeams}
      overlaps={overlaps}
      firstVisit={isFirstVisit ? { hasAnswer, hasTeam: teams.length > 0 } : null}
      lastPanel={panelNamed(kept.get(PANEL_COOKIE)?.value) ?? "vault"}
    />
  );
}
