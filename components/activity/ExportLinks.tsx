import { Download } from "lucide-react";
import { Button } from "@/components/vault/ui/button";
import { type ActivityFilter, filterParameters, isFiltering } from "@/lib/activity/filter";

/** The log as files, with everything that the filter shows. Links, so that they need no script. */
export function ExportLinks({ filter, teamId }: { filter: ActivityFilter; teamId: string | null }) {
  const link = (format: string, name: string) => {
    const query = filterParameters({ format, ...(teamId !== null && { team_id: teamId }) }, filter);
    return (
      <Button asChild variant="outline" size="sm">
        <a href={`/api/vault/events/export?${query}`} download>
          <Download aria-hidden />
          {name}
        </a>
      </Button>
    );
  };
  return (
    <div className="flex flex-wrap items-center gap-2 text-sm text-muted-foreground">
      <span>Download {isFiltering(filter) ? "everything that the filters show" : "the whole log"}:</span>
      {link("csv", "CSV")}
      {link("jsonl", "JSON Lines")}
    </div>
  );
}
