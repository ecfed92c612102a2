"use client";

import { formatCount } from "@/components/reveal/words";
import { Cell, RowHead } from "@/components/usage/table";
import { describeCost } from "@/components/usage/words";
import { RelativeTime } from "@/components/vault/ui/RelativeTime";
import type { OperatorReport } from "@/lib/operator/types";
import { allTokens } from "@/lib/vault-usage/tokens";
import { LimitCell } from "./LimitCell";
import { LongTable } from "./LongTable";
import { nameOf, personKey } from "./words";

/** The newest accounts that used the platform's key. */
export function NewcomerTable({ newcomers, usual }: Pick<OperatorReport, "newcomers"> & { usual: number }) {
  return (
    <LongTable
      caption="The newest sign-ups"
      columns={["Person", "Signed up", "First run", "Runs", "Tokens", "Estimated cost", "Tokens per day"]}
      rows={newcomers}
      keyOf={personKey}
    >
      {(person) => (
        <>
          <RowHead>{nameOf(person)}</RowHead>
          <Cell>
            <RelativeTime iso={person.signed_up_at} />
          </Cell>
          <Cell>
            <RelativeTime iso={person.first_run_at} />
          </Cell>
          <Cell>{formatCount(person.runs)}</Cell>
          <Cell>{formatCount(allTokens(person))}</Cell>
          <Cell>{describeCost(person)}</Cell>
          <LimitCell person={person} usual={usual} />
        </>
      )}
    </LongTable>
  );
}
