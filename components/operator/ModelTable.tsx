"use client";

import { formatCount } from "@/components/reveal/words";
import { Cell, RowHead } from "@/components/usage/table";
import { describeCost } from "@/components/usage/words";
import type { OperatorReport } from "@/lib/operator/types";
import { allTokens } from "@/lib/vault-usage/tokens";
import { LongTable } from "./LongTable";

/** What each model used. */
export function ModelTable({ models }: Pick<OperatorReport, "models">) {
  return (
    <LongTable
      caption="Usage by model"
      columns={["Model", "Runs", "Tokens", "Estimated cost"]}
      rows={models}
      keyOf={({ model }) => model}
    >
      {(row) => (
        <>
          <RowHead>{row.model || "Without a model"}</RowHead>
          <Cell>{formatCount(row.runs)}</Cell>
          <Cell>{formatCount(allTokens(row))}</Cell>
          <Cell>{describeCost(row)}</Cell>
        </>
      )}
    </LongTable>
  );
}
