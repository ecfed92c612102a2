"use client";

import { Undo2 } from "lucide-react";
import { useState } from "react";
import { Failure } from "@/components/shared/Failure";
import { Notice } from "@/components/shared/Notice";
import { Button } from "@/components/vault/ui/button";
import { RelativeTime } from "@/components/vault/ui/RelativeTime";
import { keepNotice } from "@/lib/notice";
import type { DeletedTeam } from "@/lib/teams/types";
import { type ApiError, asApiError, callApi } from "@/lib/vault/http/client";
import { DELETED_TEAMS, pageHref } from "@/lib/workspace/href";

/** Says which teams were deleted, by whom, and lets their former admins restore them; nothing if there are none. */
export function DeletedTeamsNotice({ teams }: { teams: readonly DeletedTeam[] }) {
  if (teams.length === 0) return null;
  return (
    <Notice
      id={DELETED_TEAMS}
      title={teams.length === 1 ? "A team was deleted" : `${teams.length} teams were deleted`}
      // What you did yourself is no news.
      isQuiet={teams.every(({ deleted_by }) => deleted_by.is_you)}
      className="lg:col-span-2"
    >
      <ul className="flex flex-col gap-3">
        {teams.map((team) => (
          <DeletedTeamItem key={team.id} team={team} />
        ))}
      </ul>
    </Notice>
  );
}

function DeletedTeamItem({ team: { id, name, deleted_at, deleted_by, kept_until } }: { team: DeletedTeam }) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ApiError | null>(null);

  async function restore() {
    if (busy) return;
    setBusy(true);
    setFailure(null);
    try {
      await callApi("POST", `/api/teams/${id}/restore`, {});
      keepNotice(`${name} restored. Its members have access again.`);
      // What happened before it was deleted is there. A full load: nothing of the page before stays in memory.
      window.location.assign(pageHref("activity", id));
    } catch (error) {
      setFailure(asApiError(error));
      setBusy(false);
    }
  }

  return (
    <li className="flex flex-col gap-2 sm:flex-row sm:items-start sm:justify-between sm:gap-4">
      <div className="min-w-0">
        <p className="[overflow-wrap:anywhere]">
          <span className="font-semibold">{name}</span> was deleted by{" "}
          {deleted_by.is_you ? "you" : (deleted_by.email ?? "a deleted account")}{" "}
          <RelativeTime iso={deleted_at} />. Its members have lost access. You can restore it, with its keys,
          members, and activity, until {day.format(new Date(kept_until))} (UTC).
        </p>
        <Failure failure={failure} />
      </div>
      {/* Not disabled while it works, which would take the focus from it. */}
      <Button
        variant="outline"
        size="sm"
        className="shrink-0 self-start bg-background text-foreground"
        aria-label={`Restore ${name}`}
        aria-disabled={busy}
        onClick={restore}
      >
        <Undo2 aria-hidden />
        {busy ? "Restoring…" : "Restore"}
      </Button>
    </li>
  );
}

const day = new Intl.DateTimeFormat("en-US", { dateStyle: "long", timeZone: "UTC" });
