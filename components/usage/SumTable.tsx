import { formatCount } from "@/components/reveal/words";
import type { Sum } from "@/lib/usage/types";
import { allTokens } from "@/lib/vault-usage/tokens";
import { Cell, DataTable, HeadCell, RowHead } from "./table";
import { describeCost } from "./words";

interface SumTableProps {
  caption: string;
  /** What the rows are, as the name of their column. */
  column: string;
  rows: (Sum & { name: string })[];
}

/** What each of several used: members of a team, or features. */
export function SumTable({ caption, column, rows }: SumTableProps) {
  return (
    <DataTable caption={caption}>
      <thead>
        <tr>
          <HeadCell text>{column}</HeadCell>
          <HeadCell>Tokens</HeadCell>
          <HeadCell>Estimated cost</HeadCell>
          <HeadCell>Runs</HeadCell>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, ...sum }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two accounts may have the same name, and nothing moves
          <tr key={index} className="border-t">
            <RowHead>{name}</RowHead>
            <Cell>{formatCount(allTokens(sum))}</Cell>
            <Cell>{describeCost(sum)}</Cell>
            <Cell>{formatCount(sum.runs)}</Cell>
          </tr>
        ))}
      </tbody>
    </DataTable>
  );
}
