import { Suspense } from "react";
import { Header } from "@/components/layout/Header";
import { RangeLinks } from "@/components/usage/RangeLinks";
import { UsageContent } from "@/components/usage/UsageContent";
import { UsageSkeleton } from "@/components/usage/UsageSkeleton";
import { readUsageBudgets } from "@/lib/usage/budgets";
import { DEFAULT_RANGE, rangeNamed, type UsageRange } from "@/lib/usage/range";
import { listRuns, readUsage } from "@/lib/usage/report";
import { loadWorkspace, type SearchParams, type Workspace } from "@/lib/workspace/load";
import { workspaceTitle } from "@/lib/workspace/title";

export const generateMetadata = workspaceTitle("Usage", "usage");

export default async function UsagePage({ searchParams }: { searchParams: SearchParams }) {
  const workspace = await loadWorkspace(searchParams, "usage");
  const range = rangeNamed((await searchParams).range) ?? DEFAULT_RANGE;
  return (
    <>
      <Header workspace={workspace} page="usage" />
      <Suspense
        fallback={
          <UsageSkeleton title="Usage">
            <RangeLinks range={range} teamId={workspace.team?.id ?? null} />
          </UsageSkeleton>
        }
      >
        <Usage workspace={workspace} range={range} />
      </Suspense>
    </>
  );
}

async function Usage({ workspace: { user, team }, range }: { workspace: Workspace; range: UsageRange }) {
  const [{ report }, runs, budgets] = await Promise.all([
    readUsage(user, team, range),
    listRuns(user, team),
    readUsageBudgets(user, team),
  ]);
  return <UsageContent report={report} runs={runs} budgets={budgets} teamId={team?.id ?? null} />;
}
