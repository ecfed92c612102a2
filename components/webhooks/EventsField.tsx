import { type RefObject, useId } from "react";
import { Failure } from "@/components/shared/Failure";
import type { ApiError } from "@/lib/vault/http/client";
import { WEBHOOK_EVENTS, type WebhookEvent } from "@/lib/webhooks/types";
import { EVENT_WORDS } from "./standing";

interface EventsFieldProps {
  events: readonly WebhookEvent[];
  onEvents: (events: WebhookEvent[]) => void;
  failure: ApiError | null;
  /** The first box. */
  ref: RefObject<HTMLInputElement | null>;
}

/** What a webhook is to tell of. */
export function EventsField({ events, onEvents, failure, ref }: EventsFieldProps) {
  const id = useId();
  const choose = (event: WebhookEvent, isChosen: boolean) =>
    onEvents(WEBHOOK_EVENTS.filter((other) => (other === event ? isChosen : events.includes(other))));
  return (
    <fieldset aria-describedby={failure ? id : undefined}>
      <legend className="mb-1 text-sm font-medium">Events</legend>
      <div className="grid gap-x-4 sm:grid-cols-2">
        {WEBHOOK_EVENTS.map((event, index) => (
          <label key={event} className="flex items-start gap-2.5 py-1.5 text-sm">
            <input
              ref={index === 0 ? ref : undefined}
              type="checkbox"
              className="mt-0.5 size-4 shrink-0 accent-primary"
              checked={events.includes(event)}
              onChange={({ target }) => choose(event, target.checked)}
            />
            <span className="min-w-0">
              {EVENT_WORDS[event]}{" "}
              <span className="block font-mono text-xs text-muted-foreground [overflow-wrap:anywhere]">
                {event}
              </span>
            </span>
          </label>
        ))}
      </div>
      <Failure id={id} failure={failure} />
    </fieldset>
  );
}
