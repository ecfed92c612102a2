import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/vault/ui/card";
import type { RunsPage, UsageBudgets, UsageReport } from "@/lib/usage/types";
import { pageHref } from "@/lib/workspace/href";
import { BudgetsCard } from "./BudgetsCard";
import { CsvButton } from "./CsvButton";
import { RangeLinks } from "./RangeLinks";
import { RunList } from "./RunList";
import { SumTable } from "./SumTable";
import { UsageByDay } from "./UsageByDay";
import { UsageNotes } from "./UsageNotes";
import { UsageSummary } from "./UsageSummary";
import { describeNoRuns, describePeriod, describeReport, nameFeature } from "./words";

interface UsageContentProps {
  report: UsageReport;
  runs: RunsPage;
  /** Null outside of teams. */
  budgets: UsageBudgets | null;
  /** Null for the person's own workspace. */
  teamId: string | null;
}

/** All of the usage page below its header. */
export function UsageContent({ report, runs, budgets, teamId }: UsageContentProps) {
  const { scope, range, period, sources, days, total, features, members } = report;
  const empty = total.runs === 0;
  const file = new URLSearchParams({ format: "csv", range, ...(teamId && { team_id: teamId }) });
  return (
    <main
      id="content"
      tabIndex={-1}
      className="mx-auto flex w-full max-w-7xl flex-col gap-5 px-4 py-5 sm:px-6 lg:py-8"
    >
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="max-w-2xl">
          <h1 className="text-xl font-semibold tracking-tight">Usage</h1>
          <p className="mt-1 text-sm text-muted-foreground">{describeReport(scope, range)}</p>
        </div>
        {!empty && <CsvButton path={`/api/usage?${file}`} />}
      </div>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <RangeLinks range={range} teamId={teamId} />
        <p className="text-sm text-muted-foreground">{describePeriod(period)}</p>
      </div>
      {empty ? (
        <Card>
          <CardContent className="text-sm">
            <p className="font-medium">{describeNoRuns(range)}</p>
            <p className="mt-1 text-muted-foreground">
              Usage from Reveal and other features shows up here, by key billed.{" "}
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
          <Card aria-labelledby="features-title">
            <CardHeader>
              <CardTitle id="features-title">By feature</CardTitle>
            </CardHeader>
            <CardContent>
              <SumTable
                caption="Usage by feature"
                column="Feature"
                rows={features.map(({ feature, ...sum }) => ({ name: nameFeature(feature), ...sum }))}
              />
            </CardContent>
          </Card>
          {members && (
            <Card aria-labelledby="members-title">
              <CardHeader>
                <CardTitle id="members-title">By member</CardTitle>
                <CardDescription>People who have left the team are listed with their usage.</CardDescription>
              </CardHeader>
              <CardContent>
                <SumTable
                  caption="Usage by member"
                  column="Member"
                  rows={members.map(({ member, ...sum }) => ({ name: member, ...sum }))}
                />
              </CardContent>
            </Card>
          )}
        </>
      )}
      {budgets && teamId !== null && isOfUse(budgets) && <BudgetsCard budgets={budgets} teamId={teamId} />}
      {runs.runs.length > 0 && (
        <Card aria-labelledby="runs-title">
          <CardHeader>
            <CardTitle id="runs-title">Latest runs</CardTitle>
            <CardDescription>The most recent runs, regardless of the period above.</CardDescription>
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

/** Whether there is a budget, or something was spent that one could be for. */
const isOfUse = ({ own, team, members }: UsageBudgets) =>
  own.monthly_usd !== null ||
  (team !== undefined && (team.monthly_usd !== null || team.spent_usd > 0)) ||
  (members ?? []).some(({ monthly_usd }) => monthly_usd !== null);
