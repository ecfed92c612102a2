import type { ReactNode } from "react";
import { Skeleton } from "@/components/ui/skeleton";

/**
 * The page's shape, while its numbers are on the way.
 *
 * @param title of the page
 * @param children what does not wait for them
 */
export function UsageSkeleton({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <main
      id="content"
      tabIndex={-1}
      aria-busy="true"
      aria-label="Loading usage"
      className="mx-auto flex w-full max-w-7xl flex-col gap-5 px-4 py-5 sm:px-6 lg:py-8"
    >
      <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
      {children}
      <noscript>
        <p className="text-sm">Usage needs JavaScript. Turn it on to see the numbers.</p>
      </noscript>
      <div className="grid gap-3 sm:grid-cols-3">
        {["Tokens", "Cost", "Runs"].map((name) => (
          <Skeleton key={name} className="h-24" />
        ))}
      </div>
      <Skeleton className="h-96" />
    </main>
  );
}
