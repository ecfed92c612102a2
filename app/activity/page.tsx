import { X } from "lucide-react";
import type { Metadata } from "next";
import { type ReactNode, Suspense } from "react";
import { ActivityList } from "@/components/activity/ActivityList";
import { EmptyActivity } from "@/components/activity/EmptyActivity";
import { LeftWebhooksNotice } from "@/components/activity/LeftWebhooksNotice";
import { RotateNotice } from "@/components/activity/RotateNotice";
import { Header } from "@/components/layout/Header";
import { Skeleton } from "@/components/ui/skeleton";
import { Button } from "@/components/vault/ui/button";
import { listEvents } from "@/lib/activity/events";
import { listExposures } from "@/lib/activity/exposures";
import { keyName } from "@/lib/vault/schema";
import type { Owner } from "@/lib/vault/types";
import { listLeftWebhooks } from "@/lib/webhooks/left";
import { pageHref } from "@/lib/workspace/href";
import { loadWorkspace, type SearchParams, type Workspace } from "@/lib/workspace/load";

export const metadata: Metadata = { title: "Activity" };

export default async function ActivityPage({ searchParams }: { searchParams: SearchParams }) {
  const workspace = await loadWorkspace(searchParams, "activity");
  const only = keyName.safeParse((await searchParams).key).data;
  const { team } = workspace;
  return (
    <>
      <Header workspace={workspace} page="activity" />
      <main className="mx-auto flex w-full max-w-7xl flex-col gap-6 px-4 py-5 sm:px-6 lg:py-8">
        <div className="flex flex-col gap-1">
          <h1 className="text-xl font-semibold">Activity</h1>
          <p className="text-sm text-muted-foreground [overflow-wrap:anywhere]">
            {team?.role === "member"
              ? `Only admins of ${team.name} see what was done with its keys. Ask one of them.`
              : `What was done with ${team ? `the keys of ${team.name}` : "your own keys"}, by whom and when. Nobody can change these entries or delete single ones${team ? "; they go with the team" : ""}.`}
          </p>
        </div>
        {team?.role === "member" ? (
          <Button asChild variant="outline" className="self-start">
            <a href={pageHref("dashboard", team.id)}>Go to the dashboard</a>
          </Button>
        ) : (
          <Suspense fallback={<Loading />}>
            <Activity workspace={workspace} only={only} />
          </Suspense>
        )}
      </main>
    </>
  );
}

interface ActivityProps {
  workspace: Workspace;
  /** The key to show the events of; undefined for all. */
  only: string | undefined;
}

/** For a person's own keys, and for admins: whoever renders this has asked for the role. */
async function Activity({ workspace: { user, team }, only }: ActivityProps) {
  const owner: Owner = team ? { type: "team", id: team.id } : { type: "user", id: user.id };
  const [first, exposures, leftWebhooks] = await Promise.all([
    listEvents(user.id, owner, { key: only }),
    team ? listExposures(team.id) : [],
    team ? listLeftWebhooks(team.id) : [],
  ]);
  return (
    <>
      {team && <RotateNotice exposures={exposures} teamId={team.id} />}
      {team && <LeftWebhooksNotice webhooks={leftWebhooks} teamId={team.id} />}
      {only && <Filter only={only} all={pageHref("activity", team?.id ?? null)} />}
      {first.events.length === 0 ? (
        <EmptyActivity only={only} />
      ) : (
        <ActivityList teamId={team?.id ?? null} only={only} first={first} />
      )}
    </>
  );
}

function Filter({ only, all }: { only: string; all: string }): ReactNode {
  return (
    <div className="flex flex-wrap items-center justify-between gap-2 rounded-lg border bg-card px-4 py-2 text-sm">
      <p className="min-w-0">
        Only <span className="font-mono font-medium [overflow-wrap:anywhere]">{only}</span>
      </p>
      <Button asChild variant="ghost" size="sm">
        <a href={all}>
          <X aria-hidden />
          Show all keys
        </a>
      </Button>
    </div>
  );
}

function Loading() {
  return (
    <div aria-busy="true" className="flex flex-col gap-2">
      <span className="sr-only">Loading the activity</span>
      <Skeleton className="h-4 w-32" />
      <Skeleton className="h-64 w-full rounded-xl" />
    </div>
  );
}
