"use client";

import { useId, useRef, useState } from "react";
import { toast } from "sonner";
import { describeTimeLeft } from "@/components/shared/timeLeft";
import { useTeamChange } from "@/components/shared/useTeamChange";
import { neighbourOf } from "@/components/vault/neighbour";
import { toastFailure } from "@/components/vault/toastFailure";
import { Badge } from "@/components/vault/ui/badge";
import { Button } from "@/components/vault/ui/button";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/vault/ui/card";
import { RelativeTime } from "@/components/vault/ui/RelativeTime";
import type { OpenInvite } from "@/lib/teams/types";
import { callApi } from "@/lib/vault/http/client";
import { InviteForm, type InvitesProps } from "./InviteForm";

/** Makes links that let people into the team, and takes them back. For admins. */
export function InvitesCard({ team, invites, canMail }: InvitesProps) {
  const id = useId();
  const withdrawal = useTeamChange();
  const [newest, setMade] = useState<string | null>(null);
  const title = useRef<HTMLDivElement>(null);

  async function takeBack({ id: inviteId }: OpenInvite) {
    const next =
      neighbourOf("#invites [data-invite]", (button) => button.dataset.invite === inviteId) ?? title.current;
    const refused = await withdrawal.run(async () => {
      await callApi("DELETE", `/api/teams/${team.id}/invites/${inviteId}`);
      toast.success("Link revoked");
    });
    if (refused) toastFailure(refused);
    else next?.focus();
  }

  return (
    <Card id="invites" aria-labelledby={`${id}-title`}>
      <CardHeader>
        <CardTitle id={`${id}-title`}>Invite links</CardTitle>
        <CardDescription>
          Each link lets one person join and expires after 7 days. Send it only to the person you're inviting:
          the first person who uses it joins.
        </CardDescription>
      </CardHeader>
      <CardContent className="flex flex-col gap-4">
        <InviteForm team={team} invites={invites} canMail={canMail} onMade={setMade} />
        {/* Takes the focus when the last link is gone. */}
        <div ref={title} tabIndex={-1} className="focus-visible:outline-hidden">
          <h3 className="text-sm font-medium">Open links</h3>
          {invites.length === 0 && (
            <p className="text-sm text-muted-foreground">No open links. Create one to invite someone.</p>
          )}
        </div>
        {invites.length > 0 && (
          <ul className="-mt-2 divide-y rounded-lg border">
            {invites.map((invite) => (
              <li key={invite.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-3 py-2.5">
                <div className="min-w-0 flex-1 basis-60 text-sm">
                  <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
                    <span className="font-medium [overflow-wrap:anywhere]">
                      {invite.label ?? `For ${roleOf(invite)}`}
                    </span>
                    {invite.id === newest && <Badge variant="success">New</Badge>}
                  </p>
                  <p className="text-muted-foreground [overflow-wrap:anywhere]">
                    {invite.label ? `For ${roleOf(invite)}, created by ` : "Created by "}
                    {invite.created_by || "an admin"}
                  </p>
                  {/* Apart, so that exact times take as many lines as those in words do. */}
                  <p className="text-muted-foreground">
                    Created <RelativeTime iso={invite.created_at} />
                  </p>
                  <p className="text-muted-foreground">
                    Expires <RelativeTime iso={invite.expires_at} inWords={describeTimeLeft} />
                  </p>
                </div>
                <Button
                  variant="ghost"
                  size="sm"
                  className="max-sm:-ml-3"
                  data-invite={invite.id}
                  aria-label={`Revoke the link for ${invite.label ?? roleOf(invite)} by ${invite.created_by || "an admin"}`}
                  aria-disabled={withdrawal.busy}
                  onClick={() => takeBack(invite)}
                >
                  Revoke
                </Button>
              </li>
            ))}
          </ul>
        )}
      </CardContent>
    </Card>
  );
}

const roleOf = ({ role }: OpenInvite) => (role === "admin" ? "an admin" : "a member");
