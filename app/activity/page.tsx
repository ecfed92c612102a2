import { ActivityList } from "@/components/activity/ActivityList";
import { EmptyActivity } from "@/components/activity/EmptyActivity";
import { ExportLinks } from "@/components/activity/ExportLinks";
import { FilterForm } from "@/components/activity/FilterForm";
import { LeftWebhooksNotice } from "@/components/activity/LeftWebhooksNotice";
import { RotateNotice } from "@/components/activity/RotateNotice";
import { Header } from "@/components/layout/Header";
import { Button } from "@/components/vault/ui/button";
import { listEvents } from "@/lib/activity/events";
import { listExposures } from "@/lib/activity/exposures";
import { type ActivityFilter, isFiltering } from "@/lib/activity/filter";
import { forgetOldEvents } from "@/lib/activity/retention";
import { pageFilter } from "@/lib/activity/schema";
import { listTopics } from "@/lib/activity/topics";
import { env } from "@/lib/env";
import type { Owner } from "@/lib/vault/types";
import { listLeftWebhooks } from "@/lib/webhooks/left";
import { pageHref } from "@/lib/workspace/href";
import { loadWorkspace, type SearchParams, type Workspace } from "@/lib/workspace/load";
import { workspaceTitle } from "@/lib/workspace/title";

export const generateMetadata = workspaceTitle("Activity", "activity");

export default async function ActivityPage({ searchParams }: { searchParams: SearchParams }) {
  const workspace = await loadWorkspace(searchParams, "activity");
  const filter = pageFilter(await searchParams);
  const { team } = workspace;
  const days = env().activityRetentionDays;
  return (
    <>
      <Header workspace={workspace} page="activity" />
      <main
        id="content"
        tabIndex={-1}
        className="mx-auto flex w-full max-w-7xl flex-col gap-6 px-4 py-5 sm:px-6 lg:py-8"
      >
        <div className="flex flex-col gap-1">
          <h1 tabIndex={-1} className="text-xl font-semibold focus-visible:outline-hidden">
            Activity
          </h1>
          <p className="text-sm text-muted-foreground [overflow-wrap:anywhere]">
            {team?.role === "member"
              ? `Only admins of ${team.name} can see its activity. Ask one of them.`
              : `${team ? `What happened in ${team.name} and to its keys` : "What happened to your own keys and your account"}, who did it, and when. Entries can't be changed or deleted individually. ${days === null ? `They're kept as long as the ${team ? "team" : "account"} exists.` : `They're kept for ${days} days.`}`}
          </p>
        </div>
        {team?.role === "member" ? (
          <Button asChild variant="outline" className="self-start">
            <a href={pageHref("dashboard", team.id)}>Go to the dashboard</a>
          </Button>
        ) : (
          // Waited for, because what is streamed behind a placeholder needs scripts to be seen.
          <Activity workspace={workspace} filter={filter} />
        )}
      </main>
    </>
  );
}

interface ActivityProps {
  workspace: Workspace;
  filter: ActivityFilter;
}

/** For a person's own log, and for admins: the caller has checked the role. */
async function Activity({ workspace: { user, team }, filter }: ActivityProps) {
  const owner: Owner = team ? { type: "team", id: team.id } : { type: "user", id: user.id };
  const teamId = team?.id ?? null;
  forgetOldEvents(owner);
  const [first, topics, exposures, leftWebhooks] = await Promise.all([
    listEvents(user.id, owner, filter),
    listTopics(owner),
    team ? listExposures(team.id) : [],
    team ? listLeftWebhooks(team.id) : [],
  ]);
  const isEmpty = first.events.length === 0;
  const isFiltered = isFiltering(filter);
  return (
    <>
      {team && <RotateNotice exposures={exposures} teamId={team.id} />}
      {team && <LeftWebhooksNotice webhooks={leftWebhooks} teamId={team.id} />}
      {(!isEmpty || isFiltered) && (
        <FilterForm filter={filter} topics={topics} userId={user.id} teamId={teamId} />
      )}
      {isEmpty ? (
        <EmptyActivity isFiltered={isFiltered} />
      ) : (
        <>
          <ExportLinks filter={filter} teamId={teamId} />
          {/* Anew with each filter: what was added to another one's list is not part of it. */}
          <ActivityList key={JSON.stringify(filter)} teamId={teamId} filter={filter} first={first} />
        </>
      )}
    </>
  );
}
