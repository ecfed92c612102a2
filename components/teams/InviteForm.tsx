"use client";

import { type FormEvent, useId, useState } from "react";
import { Failure } from "@/components/shared/Failure";
import { ShownOnceField } from "@/components/shared/ShownOnceField";
import { SubmitButton } from "@/components/shared/SubmitButton";
import { useTeamChange } from "@/components/shared/useTeamChange";
import { Input } from "@/components/vault/ui/input";
import { Label } from "@/components/vault/ui/label";
import { NativeSelect } from "@/components/vault/ui/native-select";
import { useEarlyInput } from "@/components/vault/useEarlyInput";
import {
  LABEL_RULE,
  MAX_LABEL_LENGTH,
  type MailedInvite,
  type OpenInvite,
  type TeamRole,
  type TeamSummary,
} from "@/lib/teams/types";
import { type ApiError, callApi, invalid } from "@/lib/vault/http/client";

const LABEL_TOO_LONG = invalid(LABEL_RULE);

export interface InvitesProps {
  team: TeamSummary;
  invites: readonly OpenInvite[];
  /** Whether the server sends mail. */
  canMail: boolean;
}

/** Creates a link, and shows it only once. */
export function InviteForm({
  team,
  invites,
  canMail,
  onMade,
}: InvitesProps & { onMade: (id: string) => void }) {
  const id = useId();
  const { run, busy } = useTeamChange();
  const [role, setRole] = useState<TeamRole>("member");
  const [label, setLabel] = useState("");
  const [email, setEmail] = useState("");
  const chooseRole = (chosen: string) => setRole(chosen === "admin" ? "admin" : "member");
  const roleField = useEarlyInput<HTMLSelectElement>(role, chooseRole);
  const labelField = useEarlyInput(label, setLabel);
  const emailField = useEarlyInput(email, setEmail);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [made, setMade] = useState<{ invite: MailedInvite; email: string } | null>(null);
  // Once it's used or revoked, there's nothing left to copy.
  const shown = made && invites.some((invite) => invite.id === made.invite.id) ? made : null;

  async function add(event: FormEvent) {
    event.preventDefault();
    if (label.trim().length > MAX_LABEL_LENGTH) return setFailure(LABEL_TOO_LONG);
    setFailure(null);
    setFailure(
      await run(async () => {
        const invite = await callApi<MailedInvite>("POST", `/api/teams/${team.id}/invites`, {
          role,
          ...(label.trim() && { label }),
          ...(email.trim() && { email }),
        });
        setMade({ invite, email: email.trim() });
        onMade(invite.id);
        setLabel("");
        setEmail("");
      }),
    );
  }

  const describedBy = failure ? `${id}-failure` : undefined;
  const isLabelTooLong = failure === LABEL_TOO_LONG;
  const complaint = <Failure id={`${id}-failure`} failure={failure} />;
  return (
    <>
      <form onSubmit={add} noValidate className="flex flex-col gap-3">
        <div className="grid gap-3 sm:grid-cols-2">
          <div className="flex flex-col gap-2">
            <Label htmlFor={`${id}-role`}>Role</Label>
            <NativeSelect
              ref={roleField}
              id={`${id}-role`}
              value={role}
              onChange={(event) => chooseRole(event.target.value)}
              aria-describedby={describedBy}
            >
              <option value="member">Member</option>
              <option value="admin">Admin</option>
            </NativeSelect>
          </div>
          <div className="flex flex-col gap-2">
            <Label htmlFor={`${id}-label`}>Label (optional)</Label>
            <Input
              ref={labelField}
              id={`${id}-label`}
              value={label}
              autoComplete="off"
              placeholder="Who it's for"
              onChange={(event) => setLabel(event.target.value)}
              aria-invalid={isLabelTooLong}
              aria-describedby={describedBy}
            />
            {isLabelTooLong && complaint}
          </div>
          {canMail && (
            <div className="flex flex-col gap-2 sm:col-span-2">
              <Label htmlFor={`${id}-email`}>E-mail (optional)</Label>
              <Input
                ref={emailField}
                id={`${id}-email`}
                type="email"
                value={email}
                autoComplete="off"
                onChange={(event) => setEmail(event.target.value)}
                aria-describedby={`${id}-email-hint${failure ? ` ${id}-failure` : ""}`}
              />
              <p id={`${id}-email-hint`} className="text-sm text-muted-foreground">
                We'll send the link to this address. You can also copy it.
              </p>
            </div>
          )}
        </div>
        <SubmitButton variant="outline" className="self-start" busy={busy}>
          {busy ? "Creating…" : "Create link"}
        </SubmitButton>
        {!isLabelTooLong && complaint}
      </form>
      {shown && (
        <ShownOnceField
          key={shown.invite.id}
          autoFocus
          label="New invite link"
          what="link"
          value={shown.invite.url}
          hint={hintFor(shown)}
        />
      )}
    </>
  );
}

function hintFor({ invite: { is_mailed }, email }: { invite: MailedInvite; email: string }): string {
  const shownOnce = "Copy it now. You won't be able to see it again.";
  if (is_mailed === undefined) return shownOnce;
  return is_mailed
    ? `Sent to ${email}. You won't be able to see the link again.`
    : `The e-mail to ${email} couldn't be sent. Send the link yourself. ${shownOnce}`;
}
