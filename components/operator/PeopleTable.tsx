"use client";

import { formatCount } from "@/components/reveal/words";
import { Cell, RowHead } from "@/components/usage/table";
import { describeCost } from "@/components/usage/words";
import type { OperatorReport } from "@/lib/operator/types";
import { allTokens } from "@/lib/vault-usage/tokens";
import { LimitCell } from "./LimitCell";
import { LongTable } from "./LongTable";
import { nameOf, personKey } from "./words";

/** What each person used, and may use a day. */
export function PeopleTable({ people, usual }: Pick<OperatorReport, "people"> & { usual: number }) {
  return (
    <LongTable
      caption="Usage by person"
      columns={["Person", "Runs", "Tokens", "Estimated cost", "Tokens per day"]}
      rows={people}
      keyOf={personKey}
    >
      {(person) => (
        <>
          <RowHead>{nameOf(person)}</RowHead>
          <Cell>{formatCount(person.runs)}</Cell>
          <Cell>{formatCount(allTokens(person))}</Cell>
          <Cell>{describeCost(person)}</Cell>
          <LimitCell person={person} usual={usual} />
        </>
      )}
    </LongTable>
  );
}
