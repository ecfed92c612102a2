import { Plus } from "lucide-react";
import type { RefObject } from "react";
import { Badge } from "@/components/vault/ui/badge";
import { Button } from "@/components/vault/ui/button";
import { CardAction, CardDescription, CardHeader, CardTitle } from "@/components/vault/ui/card";
import { cn } from "@/components/vault/ui/cn";
import { whose } from "@/components/vault/whose";

interface WebhooksHeaderProps {
  /** Undefined for the person's own. */
  teamName: string | undefined;
  /** Without a webhook, the title and what webhooks are good for share a line where there is room. */
  isEmpty: boolean;
  /** How many are newly paused. */
  unseen: number;
  addButton: RefObject<HTMLButtonElement | null>;
  onAdd: () => void;
}

/** The top of the webhooks' panel, and all of it while there are none. */
export function WebhooksHeader({ teamName, isEmpty, unseen, addButton, onAdd }: WebhooksHeaderProps) {
  const ofTeam = teamName !== undefined;
  return (
    <CardHeader className={cn(isEmpty && "items-center")}>
      <div
        className={cn(
          // On a phone, the sentence takes the full width below the button.
          isEmpty
            ? "contents sm:row-span-2 sm:flex sm:flex-wrap sm:items-baseline sm:gap-x-3"
            : "flex flex-wrap items-center gap-2",
        )}
      >
        <CardTitle id="webhooks-title" className="[overflow-wrap:anywhere]">
          {ofTeam ? whose(teamName, "webhooks") : "Your webhooks"}
        </CardTitle>
        {isEmpty && (
          <CardDescription>
            Notify {ofTeam ? "the team's" : "your"} systems when a run ends or a key changes.
          </CardDescription>
        )}
        {unseen > 0 && (
          <Badge variant="warning">{unseen === 1 ? "Newly paused" : `${unseen} newly paused`}</Badge>
        )}
      </div>
      {!isEmpty && (
        <CardDescription>
          {ofTeam
            ? "Signed messages to the team's systems when a run ends here, a key of the team changes, or its budget is near its end."
            : "Signed messages to your own systems when a run ends, a key changes, or a limit is near."}
        </CardDescription>
      )}
      <CardAction className={cn(isEmpty && "sm:self-center")}>
        <Button ref={addButton} size="sm" onClick={onAdd}>
          <Plus aria-hidden />
          Add<span className="sr-only"> a webhook</span>
        </Button>
      </CardAction>
    </CardHeader>
  );
}
