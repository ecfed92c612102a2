"use client";

import { formatCount } from "@/components/reveal/words";
import { Cell, RowHead } from "@/components/usage/table";
import { formatDay } from "@/components/usage/words";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/vault/ui/card";
import { MOST_SHOWN, type OperatorReport } from "@/lib/operator/types";
import { LimitCell } from "./LimitCell";
import { LongTable } from "./LongTable";
import { describePeople, describeReason, nameOf, personKey } from "./words";

/** Runs that did not begin on the platform's key, and why. */
export function RefusalsCard({ refusals, usual }: Pick<OperatorReport, "refusals"> & { usual: number }) {
  const { reasons, people } = refusals;
  return (
    <Card aria-labelledby="refusals-title">
      <CardHeader>
        <CardTitle id="refusals-title">Refused runs</CardTitle>
        <CardDescription>From the last 30 days. Refused runs cost nothing.</CardDescription>
      </CardHeader>
      <CardContent className="flex flex-col gap-3 text-sm">
        {reasons.length === 0 ? (
          <p className="text-muted-foreground">No refused runs</p>
        ) : (
          <>
            <ul aria-label="By reason" className="flex flex-col gap-1">
              {reasons.map(({ reason, times, people }) => (
                <li key={reason}>
                  <span className="font-medium">{describeReason(reason)}</span>
                  <span className="text-muted-foreground">
                    {" "}
                    {formatCount(times)} {times === 1 ? "time" : "times"}, {describePeople(people)}
                  </span>
                </li>
              ))}
            </ul>
            <LongTable
              caption="Refused runs by person"
              columns={["Person", "Why", "Times", "Last", "Tokens per day"]}
              words={["Why"]}
              rows={people}
              keyOf={(row) => `${personKey(row)} ${row.reason}`}
            >
              {(row) => (
                <>
                  <RowHead>{nameOf(row)}</RowHead>
                  <td className="whitespace-nowrap px-3 py-1.5">{describeReason(row.reason)}</td>
                  <Cell>{formatCount(row.times)}</Cell>
                  <Cell>{formatDay(row.last_day)}</Cell>
                  <LimitCell person={row} usual={usual} />
                </>
              )}
            </LongTable>
            {people.length === MOST_SHOWN && (
              <p className="text-muted-foreground">The people refused most often, up to {MOST_SHOWN}.</p>
            )}
          </>
        )}
      </CardContent>
    </Card>
  );
}
