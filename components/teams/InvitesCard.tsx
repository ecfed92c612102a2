"use client";

import { type FormEvent, useId, useRef, useState } from "react";
import { toast } from "sonner";
import { Failure } from "@/components/shared/Failure";
import { ShownOnceField } from "@/components/shared/ShownOnceField";
import { neighbourOf } from "@/components/vault/neighbour";
import { toastFailure } from "@/components/vault/toastFailure";
import { Badge } from "@/components/vault/ui/badge";
import { Button } from "@/components/vault/ui/button";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/vault/ui/card";
import { Label } from "@/components/vault/ui/label";
import { NativeSelect } from "@/components/vault/ui/native-select";
import { RelativeTime } from "@/components/vault/ui/RelativeTime";
import type { NewInvite, OpenInvite, TeamRole, TeamSummary } from "@/lib/teams/types";
import { type ApiError, callApi } from "@/lib/vault/http/client";
import { describeTimeLeft } from "./timeLeft";
import { useTeamChange } from "./useTeamChange";

/** Makes links that let people into the team, and takes them back. For admins. */
export function InvitesCard({ team, invites }: { team: TeamSummary; invites: readonly OpenInvite[] }) {
  const id = useId();
  const create = useTeamChange();
  const withdrawal = useTeamChange();
  const [role, setRole] = useState<TeamRole>("member");
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [made, setMade] = useState<NewInvite | null>(null);
  const title = useRef<HTMLDivElement>(null);
  // Once it is used or taken back, there is nothing left to copy.
  const link = made && invites.some((invite) => invite.id === made.id) ? made : null;

  async function add(event: FormEvent) {
    event.preventDefault();
    setFailure(null);
    setFailure(
      await create.run(async () => {
        setMade(await callApi<NewInvite>("POST", `/api/teams/${team.id}/invites`, { role }));
      }),
    );
  }

  async function takeBack({ id: inviteId }: OpenInvite) {
    const next =
      neighbourOf("#invites [data-invite]", (button) => button.dataset.invite === inviteId) ?? title.current;
    const refused = await withdrawal.run(async () => {
      await callApi("DELETE", `/api/teams/${team.id}/invites/${inviteId}`);
      toast.success("The link is taken back. It lets nobody in.");
    });
    if (refused) toastFailure(refused);
    else next?.focus();
  }

  return (
    <Card id="invites" aria-labelledby={`${id}-title`}>
      <CardHeader>
        <CardTitle id={`${id}-title`}>Invite links</CardTitle>
        <CardDescription>
          A link lets one person in, once, for 7 days. Send it only to the person whom you mean: whoever uses
          it first joins.
        </CardDescription>
      </CardHeader>
      <CardContent className="flex flex-col gap-4">
        <form onSubmit={add} className="flex flex-col gap-2">
          <Label htmlFor={`${id}-role`}>They join as</Label>
          <div className="flex gap-2">
            <div className="min-w-0 flex-1 sm:max-w-56">
              <NativeSelect
                id={`${id}-role`}
                value={role}
                onChange={(event) => setRole(event.target.value === "admin" ? "admin" : "member")}
                aria-describedby={failure ? `${id}-failure` : undefined}
              >
                <option value="member">Member</option>
                <option value="admin">Admin</option>
              </NativeSelect>
            </div>
            <Button type="submit" variant="outline" aria-disabled={create.busy}>
              {create.busy ? "Creating…" : "Create link"}
            </Button>
          </div>
          <Failure id={`${id}-failure`} failure={failure} />
        </form>
        {link && (
          <ShownOnceField
            key={link.id}
            autoFocus
            label="The new link"
            what="link"
            value={link.url}
            hint="It is shown only now: copy it before you leave this page."
          />
        )}
        {/* Takes the focus when the last link is gone. */}
        <div ref={title} tabIndex={-1} className="outline-none">
          <h3 className="text-sm font-medium">Open links</h3>
          {invites.length === 0 && (
            <p className="text-sm text-muted-foreground">There are none. Nobody can join at the moment.</p>
          )}
        </div>
        {invites.length > 0 && (
          <ul className="-mt-2 divide-y rounded-lg border">
            {invites.map((invite) => (
              <li key={invite.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-3 py-2.5">
                <div className="min-w-0 flex-1 basis-52 text-sm">
                  <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
                    <span className="font-medium">
                      For {invite.role === "admin" ? "an admin" : "a member"}
                    </span>
                    {invite.id === link?.id && <Badge variant="success">New</Badge>}
                  </p>
                  <p className="text-muted-foreground [overflow-wrap:anywhere]">
                    Made <RelativeTime iso={invite.created_at} /> by {invite.created_by || "an admin"}. It
                    ends <span suppressHydrationWarning>{describeTimeLeft(invite.expires_at)}</span>.
                  </p>
                </div>
                <Button
                  variant="ghost"
                  size="sm"
                  className="max-sm:-ml-3"
                  data-invite={invite.id}
                  aria-label={`Take back the link for ${invite.role === "admin" ? "an admin" : "a member"} by ${invite.created_by || "an admin"}`}
                  aria-disabled={withdrawal.busy}
                  onClick={() => takeBack(invite)}
                >
                  Take back
                </Button>
              </li>
            ))}
          </ul>
        )}
      </CardContent>
    </Card>
  );
}
