import { Download } from "lucide-react";
import { Button } from "@/components/vault/ui/button";
import { type ActivityFilter, isFiltering } from "@/lib/activity/filter";
import { activityApi } from "@/lib/activity/requests";

/** The log as files, with everything that the filter shows. Links, so that they need no script. */
export function ExportLinks({ filter, teamId }: { filter: ActivityFilter; teamId: string | null }) {
  const link = (format: "csv" | "jsonl", name: string) => (
    <Button asChild variant="outline" size="sm">
      <a href={activityApi(teamId).exportHref(filter, format)} download>
        <Download aria-hidden />
        {name}
      </a>
    </Button>
  );
  return (
    <div className="flex flex-wrap items-center gap-2 text-sm text-muted-foreground">
      <span>Download {isFiltering(filter) ? "all matching activity" : "the full log"}:</span>
      {link("csv", "CSV")}
      {link("jsonl", "JSON Lines")}
    </div>
  );
}
