import type { Metadata } from "next";
import { Suspense } from "react";
import { Header } from "@/components/layout/Header";
import { UsageContent } from "@/components/usage/UsageContent";
import { UsageSkeleton } from "@/components/usage/UsageSkeleton";
import { listRuns, readUsage } from "@/lib/usage/report";
import { loadWorkspace, type SearchParams, type Workspace } from "@/lib/workspace/load";

export const metadata: Metadata = { title: "Usage" };

export default async function UsagePage({ searchParams }: { searchParams: SearchParams }) {
  const workspace = await loadWorkspace(searchParams, "usage");
  return (
    <>
      <Header workspace={workspace} page="usage" />
      <Suspense fallback={<UsageSkeleton />}>
        <Usage workspace={workspace} />
      </Suspense>
    </>
  );
}

async function Usage({ workspace: { user, team } }: { workspace: Workspace }) {
  const [{ report }, runs] = await Promise.all([readUsage(user, team), listRuns(user, team)]);
  return <UsageContent report={report} runs={runs} teamId={team?.id ?? null} />;
}
