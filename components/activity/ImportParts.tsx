"use client";

import { useState } from "react";
import { Failure } from "@/components/shared/Failure";
import { Button } from "@/components/vault/ui/button";
import type { EventPage, VaultEvent } from "@/lib/activity/events";
import { type ApiError, asApiError, callApi } from "@/lib/vault/http/client";
import { activityHref } from "@/lib/workspace/href";
import { describeEvent } from "./words";

interface ImportPartsProps {
  /** The import itself. */
  event: VaultEvent;
  /** Null for the person's own log. */
  teamId: string | null;
}

/** What came with an import, once it is asked for. */
export function ImportParts({ event, teamId }: ImportPartsProps) {
  const [parts, setParts] = useState<VaultEvent[] | null>(null);
  const [isOpen, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ApiError | null>(null);

  async function toggle() {
    if (busy) return;
    setFailure(null);
    if (isOpen || parts) return setOpen(!isOpen);
    setBusy(true);
    const query = new URLSearchParams({ import: event.id, ...(teamId !== null && { team_id: teamId }) });
    try {
      setParts((await callApi<EventPage>("GET", `/api/vault/events?${query}`)).events);
      setOpen(true);
    } catch (error) {
      setFailure(asApiError(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <div className="flex flex-col items-start gap-2">
      <Button variant="outline" size="sm" onClick={toggle} aria-expanded={isOpen} aria-disabled={busy}>
        {busy ? "Loading…" : isOpen ? "Hide the keys" : "Show the keys"}
      </Button>
      <Failure failure={failure} />
      {isOpen && (
        <ul aria-label="Imported keys" className="flex max-h-80 w-full flex-col gap-1 overflow-y-auto">
          {parts?.map((part) => (
            <li key={part.id} className="[overflow-wrap:anywhere]">
              {describeEvent(part).map((words) =>
                words === "KEY" && part.key !== null ? (
                  <a
                    key="key"
                    href={activityHref(teamId, part.key)}
                    className="rounded-sm font-mono underline decoration-muted-foreground/50 underline-offset-4 outline-none hover:decoration-current focus-visible:ring-[3px] focus-visible:ring-ring/60"
                  >
                    {part.key}
                  </a>
                ) : (
                  typeof words === "string" && words
                ),
              )}
            </li>
          ))}
          {parts?.length === 0 && <li>Its keys are no longer in the log.</li>}
        </ul>
      )}
    </div>
  );
}
