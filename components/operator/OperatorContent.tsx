import { formatCount } from "@/components/reveal/words";
import { CsvButton } from "@/components/usage/CsvButton";
import { UsageByDay } from "@/components/usage/UsageByDay";
import { UsageNotes } from "@/components/usage/UsageNotes";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/vault/ui/card";
import type { OperatorEventPage, OperatorReport } from "@/lib/operator/types";
import { EventsCard } from "./EventsCard";
import { KeyCard } from "./KeyCard";
import { LimitsCard } from "./LimitsCard";
import { ModelTable } from "./ModelTable";
import { NewcomerTable } from "./NewcomerTable";
import { PeopleTable } from "./PeopleTable";
import { RefusalsCard } from "./RefusalsCard";
import { SpendingTiles } from "./SpendingTiles";
import { NOT_AN_OPERATOR } from "./words";

interface OperatorContentProps {
  report: OperatorReport;
  events: OperatorEventPage;
}

/** All of the operator's page below its header. */
export function OperatorContent({ report, events }: OperatorContentProps) {
  const { platform_key, period, days, total, people, people_count, models, newcomers, usual_daily_tokens } =
    report;
  const isEmpty = total.runs === 0;
  return (
    <main
      id="content"
      tabIndex={-1}
      className="mx-auto flex w-full max-w-7xl flex-col gap-5 px-4 py-5 sm:px-6 lg:py-8"
    >
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="max-w-2xl">
          <h1 className="text-xl font-semibold tracking-tight">Operator</h1>
          <p className="mt-1 text-sm text-muted-foreground">
            Usage of the platform's key over the last 30 days. Totals only: no personal keys, prompts, or
            answers.
          </p>
        </div>
        {!isEmpty && <CsvButton path="/api/operator/usage?format=csv" notFound={NOT_AN_OPERATOR} />}
      </div>
      <KeyCard {...platform_key} />
      <SpendingTiles {...report} />
      {isEmpty ? (
        <Card>
          <CardContent className="text-sm">
            <p className="font-medium">No runs in the last 30 days.</p>
            <p className="mt-1 text-muted-foreground">Runs on the platform's key show up here.</p>
          </CardContent>
        </Card>
      ) : (
        <>
          <Card aria-labelledby="days-title">
            <CardHeader>
              <CardTitle id="days-title">By day</CardTitle>
            </CardHeader>
            <CardContent>
              <UsageByDay
                scope="personal"
                period={period}
                sources={[{ source: "env", ...total }]}
                days={days.map((day) => ({ source: "env", ...day }))}
                total={total}
              />
            </CardContent>
          </Card>
          <Card aria-labelledby="people-title">
            <CardHeader>
              <CardTitle id="people-title">By person</CardTitle>
              {people_count > people.length && (
                <CardDescription>
                  The {people.length} people with the highest costs, out of {formatCount(people_count)}. The
                  CSV file lists everyone.
                </CardDescription>
              )}
            </CardHeader>
            <CardContent>
              <PeopleTable people={people} usual={usual_daily_tokens} />
            </CardContent>
          </Card>
          <Card aria-labelledby="models-title">
            <CardHeader>
              <CardTitle id="models-title">By model</CardTitle>
            </CardHeader>
            <CardContent>
              <ModelTable models={models} />
            </CardContent>
          </Card>
        </>
      )}
      <RefusalsCard refusals={report.refusals} usual={usual_daily_tokens} />
      {newcomers.length > 0 && (
        <Card aria-labelledby="newcomers-title">
          <CardHeader>
            <CardTitle id="newcomers-title">Newest sign-ups who used it</CardTitle>
            <CardDescription>Accounts created in the last 30 days, up to 20.</CardDescription>
          </CardHeader>
          <CardContent>
            <NewcomerTable newcomers={newcomers} usual={usual_daily_tokens} />
          </CardContent>
        </Card>
      )}
      <LimitsCard limits={report.limits} usual={usual_daily_tokens} />
      <EventsCard first={events} />
      {!isEmpty && <UsageNotes {...report} />}
    </main>
  );
}
