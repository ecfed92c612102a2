"use client";

import { useState } from "react";
import { formatCount } from "@/components/reveal/words";
import { Cell, RowHead } from "@/components/usage/table";
import { Button } from "@/components/vault/ui/button";
import {
  Card,
  CardAction,
  CardContent,
  CardDescription,
  CardHeader,
  CardTitle,
} from "@/components/vault/ui/card";
import { RelativeTime } from "@/components/vault/ui/RelativeTime";
import { MOST_SHOWN, type OperatorReport } from "@/lib/operator/types";
import { LimitCell } from "./LimitCell";
import { LimitDialog } from "./LimitDialog";
import { LongTable } from "./LongTable";
import { nameOf, personKey } from "./words";

/** People whose limit isn't the default, and the way to set anyone's. */
export function LimitsCard({ limits, usual }: Pick<OperatorReport, "limits"> & { usual: number }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Card aria-labelledby="limits-title">
      <CardHeader>
        <CardTitle id="limits-title">Custom limits</CardTitle>
        <CardDescription>
          Everyone else can use {formatCount(usual)} tokens per day (PLATFORM_DAILY_TOKENS).
        </CardDescription>
        <CardAction>
          <Button variant="outline" onClick={() => setIsOpen(true)}>
            Set a limit
          </Button>
        </CardAction>
      </CardHeader>
      <CardContent className="text-sm">
        {limits.length === 0 ? (
          <p className="text-muted-foreground">No custom limits</p>
        ) : (
          <LongTable
            caption="Limits by person"
            columns={["Person", "Since", "Tokens per day"]}
            rows={limits}
            keyOf={personKey}
          >
            {(person) => (
              <>
                <RowHead>{nameOf(person)}</RowHead>
                <Cell>
                  <RelativeTime iso={person.since} />
                </Cell>
                <LimitCell person={person} usual={usual} />
              </>
            )}
          </LongTable>
        )}
        {limits.length === MOST_SHOWN && (
          <p className="mt-2 text-muted-foreground">The {MOST_SHOWN} newest</p>
        )}
      </CardContent>
      {isOpen && <LimitDialog person={null} usual={usual} onClose={() => setIsOpen(false)} />}
    </Card>
  );
}
