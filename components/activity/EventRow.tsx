import { RelativeTime } from "@/components/vault/ui/RelativeTime";
import { useClock } from "@/components/vault/ui/useClock";
import type { VaultEvent } from "@/lib/activity/events";
import { EventSentence } from "./EventSentence";
import { ImportParts } from "./ImportParts";
import { ICONS } from "./icons";
import { nobody } from "./words";

interface EventRowProps {
  event: VaultEvent;
  /** Null for the person's own log. */
  teamId: string | null;
}

const inZone = new Intl.DateTimeFormat("en", { hour: "numeric", minute: "2-digit", timeZoneName: "short" });

/** One event as a sentence, and when it was. */
export function EventRow({ event, teamId }: EventRowProps) {
  const Icon = ICONS[event.action];
  const clock = useClock(() => inZone.format(new Date(event.created_at)));
  return (
    <li className="flex gap-3 px-4 py-3 text-sm sm:px-5">
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-muted-foreground" />
      <div className="flex min-w-0 flex-1 flex-col gap-2">
        <div className="flex flex-col gap-x-4 gap-y-0.5 sm:flex-row sm:justify-between">
          <p className="min-w-0 [overflow-wrap:anywhere]">
            <span className="font-semibold">{actorOf(event)}</span>{" "}
            <EventSentence event={event} teamId={teamId} />
          </p>
          <p className="shrink-0 text-muted-foreground">
            <RelativeTime iso={event.created_at} />
            {clock && <span aria-hidden> · {clock}</span>}
          </p>
        </div>
        {event.action === "imported" && <ImportParts event={event} teamId={teamId} />}
      </div>
    </li>
  );
}

function actorOf(event: VaultEvent): string {
  if (event.actor === null) return nobody(event);
  return event.actor.is_you ? "You" : (event.actor.email ?? "A deleted account");
}
