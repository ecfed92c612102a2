import { RANGES, type UsageRange } from "@/lib/usage/range";
import { usageHref } from "@/lib/workspace/href";
import { RANGE_LABELS } from "./words";

/** Chooses which days the page is about. Links, so that it needs no script and stays in the address. */
export function RangeLinks({ range, teamId }: { range: UsageRange; teamId: string | null }) {
  return (
    <nav aria-label="Period">
      <ul className="grid w-fit grid-cols-2 rounded-lg bg-muted p-[3px] text-sm sm:flex">
        {RANGES.map((each) => (
          <li key={each}>
            <a
              href={usageHref(teamId, each)}
              aria-current={each === range ? "page" : undefined}
              className="flex h-[30px] items-center justify-center rounded-md border border-transparent px-3 font-medium whitespace-nowrap text-muted-foreground focus-visible:outline-hidden transition-colors hover:text-foreground focus-visible:ring-[3px] focus-visible:ring-ring/60 aria-[current=page]:border-border aria-[current=page]:bg-background aria-[current=page]:text-foreground aria-[current=page]:shadow-xs"
            >
              {RANGE_LABELS[each]}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
