import { Skeleton } from "@/components/ui/skeleton";
import { Card, CardContent, CardHeader } from "@/components/vault/ui/card";

/** The team page's shape, while its content is on the way. */
export function TeamSkeleton({ name }: { name: string }) {
  return (
    <main
      aria-busy="true"
      aria-label="Loading the team"
      className="mx-auto flex w-full max-w-7xl flex-col gap-5 px-4 py-5 sm:px-6 lg:py-8"
    >
      <div className="flex flex-col gap-2">
        <h1 className="text-xl font-semibold tracking-tight [overflow-wrap:anywhere]">{name}</h1>
        <Skeleton className="h-4 w-56 max-w-full" />
      </div>
      <noscript>
        <p className="text-sm">The team's page needs JavaScript. Switch it on to see it.</p>
      </noscript>
      <div className="grid items-start gap-5 lg:grid-cols-[3fr_2fr]">
        {["Members", "Who may pay"].map((name) => (
          <Card key={name}>
            <CardHeader>
              <Skeleton className="h-5 w-28" />
              <Skeleton className="h-4 w-56 max-w-full" />
            </CardHeader>
            <CardContent>
              <Skeleton className="h-40 w-full" />
            </CardContent>
          </Card>
        ))}
      </div>
    </main>
  );
}
