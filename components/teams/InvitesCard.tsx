"use client";

import { Copy } from "lucide-react";
import { type FormEvent, useId, useRef, useState } from "react";
import { toast } from "sonner";
import { Failure } from "@/components/Failure";
import { RelativeTime } from "@/components/RelativeTime";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/ui/card";
import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";
import { NativeSelect } from "@/components/ui/native-select";
import { type ApiError, callApi } from "@/lib/http/client";
import type { NewInvite, OpenInvite, TeamRole, TeamSummary } from "@/lib/teams/types";
import { signInHrefHere } from "@/lib/workspace/href";
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
    const buttons = [...document.querySelectorAll<HTMLElement>("#invites [data-invite]")];
    const index = buttons.findIndex((button) => button.dataset.invite === inviteId);
    const next = buttons[index + 1] ?? buttons[index - 1] ?? title.current;
    const refused = await withdrawal.run(async () => {
      await callApi("DELETE", `/api/teams/${team.id}/invites/${inviteId}`);
      toast.success("The link is taken back. It lets nobody in.");
    });
    if (!refused) return next?.focus();
    const signIn = { label: "Sign in", onClick: () => window.location.assign(signInHrefHere()) };
    toast.error(refused.message, { ...(refused.code === "unauthenticated" && { action: signIn }) });
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
        {link && <NewLink key={link.id} invite={link} />}
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

/** The link, which is shown this once. */
function NewLink({ invite }: { invite: NewInvite }) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);

  async function copy() {
    try {
      await navigator.clipboard.writeText(invite.url);
      toast.success("The link is copied.");
    } catch {
      field.current?.select();
      toast.error("The browser did not allow copying. The link is selected: copy it by hand.");
    }
  }

  return (
    <div className="flex flex-col gap-2 rounded-lg border bg-background/60 p-3">
      <Label htmlFor={`${id}-link`}>The new link</Label>
      <div className="flex flex-wrap gap-2 sm:flex-nowrap">
        <Input
          ref={field}
          id={`${id}-link`}
          autoFocus
          readOnly
          value={invite.url}
          className="font-mono text-xs md:text-xs"
          onFocus={(event) => event.target.select()}
          aria-describedby={`${id}-hint`}
        />
        <Button onClick={copy}>
          <Copy aria-hidden />
          Copy<span className="sr-only"> the link</span>
        </Button>
      </div>
      <p id={`${id}-hint`} className="text-sm text-muted-foreground">
        It is shown only now: copy it before you leave this page.
      </p>
    </div>
  );
}
