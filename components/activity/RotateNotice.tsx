"use client";

import { useState } from "react";
import { ConfirmDialog } from "@/components/shared/ConfirmDialog";
import { Notice } from "@/components/shared/Notice";
import { useTeamChange } from "@/components/shared/useTeamChange";
import { Button } from "@/components/vault/ui/button";
import { RelativeTime } from "@/components/vault/ui/RelativeTime";
import type { Exposure } from "@/lib/activity/exposures";
import { callApi } from "@/lib/vault/http/client";
import { pageHref } from "@/lib/workspace/href";

interface RotateNoticeProps {
  exposures: Exposure[];
  teamId: string;
}

const ID = "rotate-notice";

/** Shows a team's admins which keys people who left have seen; nothing if there are none. */
export function RotateNotice({ exposures, teamId }: RotateNoticeProps) {
  const { run } = useTeamChange();
  const [asked, setAsked] = useState<string | null>(null);
  if (exposures.length === 0) return null;
  const keys = Map.groupBy(exposures, ({ key }) => key);

  const confirm = (key: string) =>
    run(() => callApi<void>("POST", "/api/vault/events/rotated", { team_id: teamId, key }));

  return (
    <Notice id={ID} title="Rotate these keys: people who left the team have seen them">
      <p>
        Create new keys at their providers and revoke the old ones there. A key leaves this list when its
        value in the vault is replaced with a different one, or when an admin confirms that it was rotated.
        Saving the same value again or deleting the key and adding it again doesn't remove it.
      </p>
      <ul className="flex flex-col gap-3">
        {[...keys].map(([key, seen]) => (
          <li
            key={key}
            className="flex flex-col gap-2 sm:flex-row sm:items-start sm:justify-between sm:gap-4"
          >
            <div className="min-w-0">
              <p className="font-mono font-semibold [overflow-wrap:anywhere]">{key}</p>
              <ul className="mt-1 flex flex-col gap-1">
                {seen.map(({ user_id, email, seen_at }) => (
                  <li key={user_id} className="flex flex-wrap gap-x-2">
                    <span className="[overflow-wrap:anywhere]">{email ?? "A deleted account"}</span>
                    <span>
                      last seen <RelativeTime iso={seen_at} />
                    </span>
                  </li>
                ))}
              </ul>
            </div>
            <Button
              variant="outline"
              size="sm"
              className="self-start text-foreground"
              onClick={() => setAsked(key)}
              aria-label={`Mark as rotated: ${key}`}
            >
              Mark as rotated
            </Button>
          </li>
        ))}
      </ul>
      <a
        href={`${pageHref("dashboard", teamId)}#vault`}
        className="self-start rounded-sm font-medium underline underline-offset-4 focus-visible:outline-hidden hover:decoration-2 focus-visible:ring-[3px] focus-visible:ring-ring/60"
      >
        Open the team's vault
      </a>
      {asked !== null && (
        <ConfirmDialog
          title={`Was ${asked} rotated at its provider?`}
          action="Yes, it was rotated"
          working="Saving…"
          onConfirm={() => confirm(asked)}
          onClose={() => setAsked(null)}
          focusAfter={() => document.querySelector<HTMLElement>(keys.size > 1 ? `#${ID}` : "h1")}
        >
          This removes the key from the list for every admin of the team, and your name is recorded in the
          log. Confirm only if the old key no longer works at its provider.
        </ConfirmDialog>
      )}
    </Notice>
  );
}
