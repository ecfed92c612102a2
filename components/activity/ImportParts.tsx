"use client";

import { useState } from "react";
import { Failure } from "@/components/shared/Failure";
import { Button } from "@/components/vault/ui/button";
import type { VaultEvent } from "@/lib/activity/events";
import { activityApi } from "@/lib/activity/requests";
import { type ApiError, asApiError } from "@/lib/vault/http/client";
import { EventSentence } from "./EventSentence";

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
    try {
      const found = await activityApi(teamId).parts(event.id);
      // They have one time, and so no order of their own.
      setParts(found.toSorted((a, b) => ((a.key ?? "") < (b.key ?? "") ? -1 : 1)));
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
        {busy ? "Loading…" : isOpen ? "Hide keys" : "Show keys"}
      </Button>
      <Failure failure={failure} />
      {isOpen && (
        <ul aria-label="Imported keys" className="flex max-h-80 w-full flex-col gap-1 overflow-y-auto">
          {parts?.map((part) => (
            <li key={part.id} className="[overflow-wrap:anywhere]">
              <EventSentence event={part} teamId={teamId} />
            </li>
          ))}
          {parts?.length === 0 && <li>Its keys are no longer in the log.</li>}
        </ul>
      )}
    </div>
  );
}
