import { Skeleton } from "@/components/ui/skeleton";
import { Card, CardContent, CardHeader } from "@/components/vault/ui/card";

/** The dashboard's shape, while its content is on the way. */
export function DashboardSkeleton() {
  return (
    <main
      aria-busy="true"
      aria-label="Loading the dashboard"
      className="mx-auto grid w-full max-w-7xl items-start gap-5 px-4 py-5 sm:px-6 lg:grid-cols-2 lg:py-8"
    >
      <h1 className="sr-only">Dashboard</h1>
      {["Webhooks", "Reveal", "Vault"].map((name) => (
        <Card key={name}>
          <CardHeader>
            <Skeleton className="h-5 w-28" />
            <Skeleton className="h-4 w-56 max-w-full" />
          </CardHeader>
          <CardContent>
            <Skeleton className="h-24 w-full" />
          </CardContent>
        </Card>
      ))}
    </main>
  );
}
