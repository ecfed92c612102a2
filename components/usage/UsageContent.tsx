import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/vault/ui/card";
import type { RunsPage, UsageReport } from "@/lib/usage/types";
import { pageHref } from "@/lib/workspace/href";
import { CsvButton } from "./CsvButton";
import { MemberTable } from "./MemberTable";
import { RunList } from "./RunList";
import { UsageByDay } from "./UsageByDay";
import { UsageNotes } from "./UsageNotes";
import { UsageSummary } from "./UsageSummary";
import { ABOUT } from "./words";

interface UsageContentProps {
  report: UsageReport;
  runs: RunsPage;
  /** Null for the person's own workspace. */
  teamId: string | null;
}

/** All of the usage page below its header. */
export function UsageContent({ report, runs, teamId }: UsageContentProps) {
  const { scope, period, sources, days, total, members } = report;
  const empty = total.runs === 0;
  return (
    <main className="mx-auto flex w-full max-w-7xl flex-col gap-5 px-4 py-5 sm:px-6 lg:py-8">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="max-w-2xl">
          <h1 className="text-xl font-semibold tracking-tight">Usage</h1>
          <p className="mt-1 text-sm text-muted-foreground">{ABOUT[scope]}</p>
        </div>
        {!empty && <CsvButton path={`/api/usage?format=csv${teamId ? `&team_id=${teamId}` : ""}`} />}
      </div>
      {empty ? (
        <Card>
          <CardContent className="text-sm">
            <p className="font-medium">No runs in the last 30 days.</p>
            <p className="mt-1 text-muted-foreground">
              What Reveal uses shows up here, with whose key paid.{" "}
              <a
                href={pageHref("dashboard", teamId)}
                className="text-foreground underline underline-offset-4 hover:decoration-2"
              >
                Go to Reveal
              </a>
            </p>
          </CardContent>
        </Card>
      ) : (
        <>
          <UsageSummary {...report} />
          <Card aria-labelledby="days-title">
            <CardHeader>
              <CardTitle id="days-title">By day</CardTitle>
            </CardHeader>
            <CardContent>
              <UsageByDay scope={scope} period={period} sources={sources} days={days} total={total} />
            </CardContent>
          </Card>
          {members && (
            <Card aria-labelledby="members-title">
              <CardHeader>
                <CardTitle id="members-title">By member</CardTitle>
                <CardDescription>
                  People who have left the team are listed with what they used.
                </CardDescription>
              </CardHeader>
              <CardContent>
                <MemberTable members={members} />
              </CardContent>
            </Card>
          )}
        </>
      )}
      {runs.runs.length > 0 && (
        <Card aria-labelledby="runs-title">
          <CardHeader>
            <CardTitle id="runs-title">Latest runs</CardTitle>
          </CardHeader>
          <CardContent>
            <RunList scope={scope} teamId={teamId} initial={runs} />
          </CardContent>
        </Card>
      )}
      {runs.runs.length > 0 && <UsageNotes {...report} />}
    </main>
  );
}
