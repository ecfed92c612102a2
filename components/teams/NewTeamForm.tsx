"use client";

import { type FormEvent, useId, useRef, useState } from "react";
import { Failure } from "@/components/shared/Failure";
import { SubmitButton } from "@/components/shared/SubmitButton";
import { Input } from "@/components/vault/ui/input";
import { Label } from "@/components/vault/ui/label";
import { nameProblem, type TeamSummary } from "@/lib/teams/types";
import { type ApiError, asApiError, callApi, invalid } from "@/lib/vault/http/client";
import { pageHref } from "@/lib/workspace/href";

/** Creates a team and goes to its dashboard. */
export function NewTeamForm() {
  const id = useId();
  // Not in the state: what was typed before the scripts came would be lost with them.
  const input = useRef<HTMLInputElement>(null);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);

  async function create(event: FormEvent) {
    event.preventDefault();
    if (busy) return;
    const name = input.current?.value ?? "";
    const refused = nameProblem(name);
    if (refused) return setFailure(invalid(refused));
    setBusy(true);
    setFailure(null);
    try {
      const team = await callApi<TeamSummary>("POST", "/api/teams", { name });
      // In the place of this page: going back does not create a second one.
      window.location.replace(pageHref("dashboard", team.id));
    } catch (error) {
      setFailure(asApiError(error));
      setBusy(false);
    }
  }

  return (
    <form onSubmit={create} noValidate className="flex flex-col gap-4">
      <div className="flex flex-col gap-2">
        <Label htmlFor={`${id}-name`}>Name</Label>
        <Input
          id={`${id}-name`}
          ref={input}
          autoComplete="off"
          autoFocus
          aria-invalid={failure !== null}
          aria-describedby={failure ? `${id}-failure` : undefined}
        />
        <Failure id={`${id}-failure`} failure={failure} />
      </div>
      <SubmitButton className="self-start" busy={busy}>
        {busy ? "Creating team…" : "Create team"}
      </SubmitButton>
    </form>
  );
}
