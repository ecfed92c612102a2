import { Webhook } from "lucide-react";
import { Button } from "@/components/vault/ui/button";

/** What webhooks are good for, in one sentence. Flat, because the vault is below it. */
export function EmptyWebhooks({ ofTeam, onAdd }: { ofTeam: boolean; onAdd: () => void }) {
  return (
    <div className="flex flex-wrap items-center justify-center gap-x-4 gap-y-3 rounded-lg border border-dashed p-4">
      <Webhook aria-hidden className="size-6 shrink-0 text-muted-foreground" />
      <p className="min-w-0 flex-1 basis-52 text-sm text-muted-foreground max-sm:text-center">
        Add an address of {ofTeam ? "your team's own systems" : "a system of yours"}, and it learns at once
        when a run ends or a key changes.
      </p>
      <Button variant="outline" size="sm" onClick={onAdd}>
        Add the first webhook
      </Button>
    </div>
  );
}
