"use client";

import { type FormEvent, useId, useState } from "react";
import { toast } from "sonner";
import { Failure } from "@/components/shared/Failure";
import { SubmitButton } from "@/components/shared/SubmitButton";
import { useTeamChange } from "@/components/shared/useTeamChange";
import { Card, CardContent, CardHeader, CardTitle } from "@/components/vault/ui/card";
import { Input } from "@/components/vault/ui/input";
import { Label } from "@/components/vault/ui/label";
import { useEarlyInput } from "@/components/vault/useEarlyInput";
import { nameProblem, type TeamSummary } from "@/lib/teams/types";
import { type ApiError, callApi, invalid } from "@/lib/vault/http/client";

/** Renames the team. For admins. */
export function NameCard({ team }: { team: TeamSummary }) {
  const id = useId();
  const { run, busy } = useTeamChange();
  const [name, setName] = useState(team.name);
  const field = useEarlyInput(name, setName);
  const [failure, setFailure] = useState<ApiError | null>(null);

  async function save(event: FormEvent) {
    event.preventDefault();
    const refused = nameProblem(name);
    if (refused) return setFailure(invalid(refused));
    setFailure(null);
    setFailure(
      await run(async () => {
        const renamed = await callApi<TeamSummary>("PATCH", `/api/teams/${team.id}`, { name });
        setName(renamed.name);
        toast.success("Team renamed");
      }),
    );
  }

  return (
    <Card aria-labelledby={`${id}-title`}>
      <CardHeader>
        <CardTitle id={`${id}-title`}>Name</CardTitle>
      </CardHeader>
      <CardContent>
        <form onSubmit={save} noValidate className="flex flex-col gap-2">
          <Label htmlFor={`${id}-name`} className="sr-only">
            Team name
          </Label>
          <div className="flex gap-2">
            <Input
              ref={field}
              id={`${id}-name`}
              value={name}
              onChange={(event) => setName(event.target.value)}
              autoComplete="off"
              aria-invalid={failure !== null}
              aria-describedby={failure ? `${id}-failure` : undefined}
            />
            <SubmitButton variant="outline" busy={busy}>
              {busy ? "Saving…" : "Rename"}
            </SubmitButton>
          </div>
          <Failure id={`${id}-failure`} failure={failure} />
        </form>
      </CardContent>
    </Card>
  );
}
