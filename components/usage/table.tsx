import type { ReactNode } from "react";
import { cn } from "@/components/vault/ui/cn";

/** A table that scrolls sideways by itself where it is too wide for the page. */
export function DataTable({ caption, children }: { caption: string; children: ReactNode }) {
  return (
    <section
      aria-label={caption}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls only what it can reach
      tabIndex={0}
      // Positioned, so that what only screen readers read in it scrolls along and does not widen the page.
      className="relative mt-2 overflow-x-auto rounded-lg border focus-visible:outline-hidden focus-visible:ring-[3px] focus-visible:ring-ring/60"
    >
      <table className="w-full border-collapse text-sm">
        <caption className="sr-only">{caption}</caption>
        {children}
      </table>
    </section>
  );
}

/** @param text for a column of words; others hold numbers, which end where their column ends */
export function HeadCell({ text = false, children }: { text?: boolean; children: ReactNode }) {
  return (
    <th
      scope="col"
      className={cn(
        "whitespace-nowrap bg-muted/60 px-3 py-2 font-medium text-muted-foreground",
        text ? "text-left" : "text-right",
      )}
    >
      {children}
    </th>
  );
}

/** Long addresses take more lines, so that a phone shows the numbers too. */
export function RowHead({ children }: { children: ReactNode }) {
  return (
    <th
      scope="row"
      className="max-w-48 min-w-44 px-3 py-1.5 text-left font-normal [overflow-wrap:anywhere] sm:max-w-sm sm:min-w-48"
    >
      {children}
    </th>
  );
}

export function Cell({ children }: { children: ReactNode }) {
  return <td className="whitespace-nowrap px-3 py-1.5 text-right tabular-nums">{children}</td>;
}
