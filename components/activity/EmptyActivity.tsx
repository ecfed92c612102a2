import { History } from "lucide-react";

/** What the page is for, where there is nothing yet. */
export function EmptyActivity({ only }: { only: string | undefined }) {
  return (
    <div className="flex flex-col items-center gap-3 rounded-lg border border-dashed px-4 py-10 text-center">
      <History aria-hidden className="size-6 text-muted-foreground" />
      <p className="max-w-sm text-sm text-muted-foreground [overflow-wrap:anywhere]">
        {only === undefined
          ? "Nothing has happened yet. Whenever a key is set, shown, changed, checked or deleted, it stands here."
          : `Nothing has been done with ${only} yet.`}
      </p>
    </div>
  );
}
