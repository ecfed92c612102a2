import { formatCount } from "@/components/reveal/words";
import type { UsageReport } from "@/lib/usage/types";
import { allTokens } from "@/lib/vault-usage/tokens";
import { Cell, DataTable, HeadCell, RowHead } from "./table";
import { describeCost } from "./words";

/** What each member of a team used, for its admins. */
export function MemberTable({ members }: { members: NonNullable<UsageReport["members"]> }) {
  return (
    <DataTable caption="Usage by member">
      <thead>
        <tr>
          <HeadCell text>Member</HeadCell>
          <HeadCell>Tokens</HeadCell>
          <HeadCell>Estimated cost</HeadCell>
          <HeadCell>Runs</HeadCell>
        </tr>
      </thead>
      <tbody>
        {members.map(({ member, ...sum }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two accounts may have the same name, and nothing moves
          <tr key={index} className="border-t">
            <RowHead>{member}</RowHead>
            <Cell>{formatCount(allTokens(sum))}</Cell>
            <Cell>{describeCost(sum)}</Cell>
            <Cell>{formatCount(sum.runs)}</Cell>
          </tr>
        ))}
      </tbody>
    </DataTable>
  );
}
