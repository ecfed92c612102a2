"use client";

import { useRef, useState } from "react";
import { flushSync } from "react-dom";
import { Failure } from "@/components/shared/Failure";
import { Button } from "@/components/vault/ui/button";
import { Card, CardContent, CardHeader, CardTitle } from "@/components/vault/ui/card";
import { RelativeTime } from "@/components/vault/ui/RelativeTime";
import type { OperatorEventPage } from "@/lib/operator/types";
import { type ApiError, asApiError, callApi } from "@/lib/vault/http/client";
import { describeDeed, NOT_AN_OPERATOR, nameOf } from "./words";

/** Operator activity, newest first, a page at a time. */
export function EventsCard({ first }: { first: OperatorEventPage }) {
  // Of the list as it was when the page was loaded; a change reloads it, and then it starts over.
  const [later, setLater] = useState<{ first: OperatorEventPage; page: OperatorEventPage } | null>(null);
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const { events, next } = later?.first === first ? later.page : first;

  async function showMore(before: string) {
    if (pending) return;
    setPending(true);
    setFailure(null);
    try {
      const query = new URLSearchParams({ before });
      const more = await callApi<OperatorEventPage>("GET", `/api/operator/events?${query}`);
      // Synchronously, because the keyboard continues where the new ones begin: the button may be gone.
      flushSync(() => setLater({ first, page: { events: [...events, ...more.events], next: more.next } }));
      const item = list.current?.children[events.length];
      if (item instanceof HTMLElement) item.focus({ preventScroll: true });
    } catch (error) {
      setFailure(asApiError(error));
    } finally {
      setPending(false);
    }
  }

  return (
    <Card aria-labelledby="events-title">
      <CardHeader>
        <CardTitle id="events-title">Operator activity</CardTitle>
      </CardHeader>
      <CardContent className="text-sm">
        {events.length === 0 && <p className="text-muted-foreground">Nothing yet.</p>}
        <ul ref={list} className="divide-y">
          {events.map((event) => (
            <li
              key={event.id}
              tabIndex={-1}
              className="flex flex-col gap-x-4 gap-y-0.5 rounded-sm py-2 focus-visible:outline-hidden focus-visible:ring-[3px] focus-visible:ring-ring/60 sm:flex-row sm:justify-between"
            >
              <p className="min-w-0 [overflow-wrap:anywhere]">
                <span className="font-medium">{event.actor.is_you ? "You" : nameOf(event.actor)}</span>{" "}
                {describeDeed(event)}
              </p>
              <p className="shrink-0 text-muted-foreground">
                <RelativeTime iso={event.created_at} />
              </p>
            </li>
          ))}
        </ul>
        <Failure failure={failure} notFound={NOT_AN_OPERATOR} className="mt-3" />
        {next !== null && (
          <Button variant="outline" className="mt-3" aria-disabled={pending} onClick={() => showMore(next)}>
            {pending ? "Loading…" : "Show more"}
          </Button>
        )}
      </CardContent>
    </Card>
  );
}
