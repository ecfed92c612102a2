import { cookies } from "next/headers";
import { FragmentNotice } from "@/app/login/FragmentNotice";
import { DashboardContent } from "@/components/DashboardContent";
import { Header } from "@/components/layout/Header";
import { SkipLink } from "@/components/layout/SkipLink";
import { listExposures } from "@/lib/activity/exposures";
import { PANEL_COOKIE, panelNamed } from "@/lib/panel";
import { readLastUse } from "@/lib/reveal/health";
import { revealModels } from "@/lib/reveal/model";
import { explainPayers } from "@/lib/reveal/payers";
import { listDeletedTeams } from "@/lib/teams/deleted";
import { listSecrets } from "@/lib/vault/service";
import type { Owner } from "@/lib/vault/types";
import { listLeftWebhooks } from "@/lib/webhooks/left";
import { listWebhooks } from "@/lib/webhooks/store";
import { loadWorkspace, type SearchParams, type Workspace } from "@/lib/workspace/load";
import { workspaceTitle } from "@/lib/workspace/title";

export const generateMetadata = workspaceTitle("Dashboard", "dashboard");

export default async function DashboardPage({ searchParams }: { searchParams: SearchParams }) {
  const workspace = await loadWorkspace(searchParams, "dashboard");
  return (
    <>
      <SkipLink to="reveal" field="textarea">
        Skip to Reveal
      </SkipLink>
      <FragmentNotice />
      <noscript>
        <p className="border-b px-4 py-2 text-sm">
          The dashboard needs JavaScript. Switch it on to work with your keys.
        </p>
      </noscript>
      <Header workspace={workspace} page="dashboard" />
      <Dashboard workspace={workspace} />
    </>
  );
}

async function Dashboard({ workspace: { user, team } }: { workspace: Workspace }) {
  const owner: Owner = team ? { type: "team", id: team.id } : { type: "user", id: user.id };
  const [secrets, webhooks, payers, lastUse, exposures, leftWebhooks, deletedTeams] = await Promise.all([
    listSecrets(owner),
    team?.role === "member" ? null : listWebhooks(owner),
    explainPayers(user, team),
    readLastUse(owner),
    team?.role === "admin" ? listExposures(team.id) : [],
    team?.role === "admin" ? listLeftWebhooks(team.id) : [],
    team ? [] : listDeletedTeams(user.id),
  ]);
  return (
    <DashboardContent
      userId={user.id}
      team={team}
      initialSecrets={secrets}
      initialWebhooks={webhooks}
      initialPayers={payers}
      models={revealModels()}
      initialUse={lastUse}
      exposures={exposures}
      leftWebhooks={leftWebhooks}
      deletedTeams={deletedTeams}
      lastPanel={panelNamed((await cookies()).get(PANEL_COOKIE)?.value) ?? "vault"}
    />
  );
}
