import { History } from "lucide-react";

/** What the page is for, where there is nothing yet, or nothing that a filter shows. */
export function EmptyActivity({ isFiltered }: { isFiltered: boolean }) {
  return (
    <div className="flex flex-col items-center gap-3 rounded-lg border border-dashed px-4 py-10 text-center">
      <History aria-hidden className="size-6 text-muted-foreground" />
      <p className="max-w-sm text-sm text-muted-foreground">
        {isFiltered
          ? "No activity matches these filters."
          : "No activity yet. Each time a key is added, revealed, changed, checked, or deleted, it's listed here."}
      </p>
    </div>
  );
}
