"use client";

import { type FormEvent, useId, useRef, useState } from "react";
import { Failure } from "@/components/shared/Failure";
import { PasswordField } from "@/components/shared/PasswordField";
import { plural } from "@/components/shared/plural";
import {
  AlertDialog,
  AlertDialogCancel,
  AlertDialogContent,
  AlertDialogDescription,
  AlertDialogFooter,
  AlertDialogHeader,
  AlertDialogTitle,
} from "@/components/vault/ui/alert-dialog";
import { Button } from "@/components/vault/ui/button";
import { Label } from "@/components/vault/ui/label";
import { NativeSelect } from "@/components/vault/ui/native-select";
import type { DeletionImpact, TeamToHandOver } from "@/lib/account/types";
import { type ApiError, asApiError, callApi } from "@/lib/vault/http/client";
import { leaveFor } from "./leaveFor";

interface DeleteDialogProps {
  impact: DeletionImpact;
  /** Called when the impact has changed. */
  onStale: () => Promise<void>;
  onClose: () => void;
}

const DELETE_TEAM = "delete";

/** Says what goes with the account, has the person decide about their teams, and asks for the password. */
export function DeleteDialog({ impact, onStale, onClose }: DeleteDialogProps) {
  const form = useRef<HTMLFormElement>(null);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const opener = useRef(document.activeElement as HTMLElement | null);
  const isPasswordWrong = failure?.code === "wrong_password";
  const passwordField = () => form.current?.querySelector<HTMLInputElement>("input[name=password]");

  async function confirm(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setFailure(null);
    const entered = new FormData(event.currentTarget);
    const teams = impact.to_hand_over.map(({ id }) => {
      const choice = entered.get(id);
      return { team_id: id, pass_to: choice === DELETE_TEAM ? null : choice };
    });
    try {
      await callApi("POST", "/api/account/deletion", { password: entered.get("password"), teams });
      await leaveFor("/login?notice=account-deleted");
    } catch (error) {
      const refused = asApiError(error);
      if (refused.code === "team_needs_admin") await onStale().catch(() => undefined);
      setFailure(refused);
      if (refused.code === "wrong_password") passwordField()?.select();
    }
    setBusy(false);
  }

  return (
    <AlertDialog open onOpenChange={(open) => !open && !busy && onClose()}>
      <AlertDialogContent
        onOpenAutoFocus={(event) => {
          event.preventDefault();
          form.current?.querySelector<HTMLElement>("select, input")?.focus();
        }}
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          opener.current?.focus();
        }}
      >
        <AlertDialogHeader>
          <AlertDialogTitle>Delete your account?</AlertDialogTitle>
          <AlertDialogDescription className="[overflow-wrap:anywhere]">
            {describeLoss(impact)} What your runs cost stays in the usage of your teams and of this site,
            without your name. What you did in a team stays in its activity, with your e-mail address. This
            can't be undone.
          </AlertDialogDescription>
        </AlertDialogHeader>
        <form ref={form} method="post" onSubmit={confirm} className="flex flex-col gap-4">
          {impact.that_end.length > 0 && (
            <div className="text-sm">
              <p className="font-medium">Also deleted, because you're the last member:</p>
              <ul className="mt-1 list-disc pl-5 text-muted-foreground [overflow-wrap:anywhere]">
                {impact.that_end.map(({ id, name, keys }) => (
                  <li key={id}>
                    {name} ({plural(keys, "key")})
                  </li>
                ))}
              </ul>
            </div>
          )}
          {impact.to_hand_over.map((team) => (
            <TeamField key={team.id} team={team} />
          ))}
          <PasswordField
            label="Password"
            name="password"
            autoComplete="current-password"
            required
            complaint={isPasswordWrong ? failure.message : undefined}
            onChange={() => isPasswordWrong && setFailure(null)}
          />
          <Failure failure={isPasswordWrong ? null : failure} />
          <AlertDialogFooter>
            <AlertDialogCancel>Cancel</AlertDialogCancel>
            <Button type="submit" variant="destructive" aria-disabled={busy}>
              {busy ? "Deleting…" : "Delete account"}
            </Button>
          </AlertDialogFooter>
        </form>
      </AlertDialogContent>
    </AlertDialog>
  );
}

/** What happens to a team. Nothing is preselected: the person who takes over sees the values of its keys. */
function TeamField({ team: { id, name, keys, members } }: { team: TeamToHandOver }) {
  const field = useId();
  return (
    <div className="flex flex-col gap-2">
      <Label htmlFor={field} className="block leading-snug [overflow-wrap:anywhere]">
        You're the only admin of {name} ({plural(keys, "key")}). Who takes over?
      </Label>
      <NativeSelect id={field} name={id} required defaultValue="">
        <option value="" disabled>
          Choose…
        </option>
        {members.map(({ user_id, email }) => (
          <option key={user_id} value={user_id}>
            {email || "A person without an e-mail address"}
          </option>
        ))}
        <option value={DELETE_TEAM}>No one: delete the team</option>
      </NativeSelect>
    </div>
  );
}

function describeLoss({ keys, webhooks }: DeletionImpact): string {
  const lost = [keys > 0 && plural(keys, "key"), webhooks > 0 && plural(webhooks, "webhook")].filter(Boolean);
  return lost.length === 0
    ? "You have no personal keys or webhooks. Your activity is deleted with the account."
    : `This also deletes your ${lost.join(" and ")} and your activity.`;
}
