"use client";

import { useEffect, useRef, useState } from "react";
import { Failure } from "@/components/shared/Failure";
import { Button } from "@/components/vault/ui/button";
import type { EventPage } from "@/lib/activity/events";
import type { ActivityFilter } from "@/lib/activity/filter";
import { activityApi } from "@/lib/activity/requests";
import { type ApiError, asApiError } from "@/lib/vault/http/client";
import { EventRow } from "./EventRow";
import { useDays } from "./useDays";

interface ActivityListProps {
  /** Null for the person's own keys. */
  teamId: string | null;
  filter: ActivityFilter;
  first: EventPage;
}

/** Events by day, newest first, and a way to those before. */
export function ActivityList({ teamId, filter, first }: ActivityListProps) {
  const [{ events, next }, setPage] = useState(first);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const end = useRef<HTMLParagraphElement>(null);
  const days = useDays(events);
  const wasExtended = events !== first.events;
  const atEnd = wasExtended && next === null;

  // The button that had the focus goes with the last page.
  useEffect(() => {
    if (atEnd) end.current?.focus();
  }, [atEnd]);

  async function showMore() {
    if (busy || next === null) return;
    setBusy(true);
    setFailure(null);
    try {
      const more = await activityApi(teamId).next(filter, next);
      setPage({ events: [...events, ...more.events], next: more.next });
    } catch (error) {
      setFailure(asApiError(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <div className="flex flex-col gap-6">
      {days.map(({ name, events }) => (
        // Not by the name, which the browser corrects: a click meanwhile would be on a link that is gone.
        <section key={events[0]?.id} aria-label={name} className="flex flex-col gap-2">
          <h2 className="text-sm font-medium text-muted-foreground">{name}</h2>
          <ul className="divide-y rounded-xl border bg-card text-card-foreground shadow-xs">
            {events.map((event) => (
              <EventRow key={event.id} event={event} teamId={teamId} />
            ))}
          </ul>
        </section>
      ))}
      <Failure failure={failure} className="text-center" />
      {next !== null && (
        // Not disabled while it works, which would take the focus from it.
        <Button variant="outline" className="self-center" onClick={showMore} aria-disabled={busy}>
          {busy ? "Loading…" : failure ? "Try again" : "Show more"}
        </Button>
      )}
      {atEnd && (
        <p
          ref={end}
          tabIndex={-1}
          className="text-center text-sm text-muted-foreground focus-visible:outline-hidden"
        >
          That's everything.
        </p>
      )}
      <p role="status" className="sr-only">
        {wasExtended && `${events.length} entries shown`}
      </p>
    </div>
  );
}
