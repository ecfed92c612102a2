"use client";

import { type FormEvent, useId, useState } from "react";
import { toast } from "sonner";
import { Failure } from "@/components/shared/Failure";
import { Choice, RadioCard } from "@/components/shared/RadioCard";
import { SubmitButton } from "@/components/shared/SubmitButton";
import { useTeamChange } from "@/components/shared/useTeamChange";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/vault/ui/card";
import { useEarlyInput } from "@/components/vault/useEarlyInput";
import { KEY_POLICIES, type KeyPolicy, type TeamSummary } from "@/lib/teams/types";
import { type ApiError, callApi } from "@/lib/vault/http/client";

const WORDS: Record<KeyPolicy, { label: string; detail: string }> = {
  own: {
    label: "Personal keys only",
    detail: "Everyone uses their own key. Runs without one are refused.",
  },
  team: {
    label: "Personal, then team",
    detail: "Members without a personal key use the team's, and the team's account is billed.",
  },
  platform: {
    label: "Personal, then team, then platform",
    detail: "If neither has a key, runs use the platform's, if its operator allows it.",
  },
};

/** Whose keys may pay for runs in the team: admins decide, members read. */
export function PolicyCard({ team }: { team: TeamSummary }) {
  const id = useId();
  const { run, busy } = useTeamChange();
  const [choice, setChoice] = useState<{ instead: KeyPolicy; policy: KeyPolicy } | null>(null);
  const [failure, setFailure] = useState<ApiError | null>(null);
  // A choice is about the policy that it was to replace: once that is another one, it shows.
  const policy = choice?.instead === team.key_policy ? choice.policy : team.key_policy;

  const choose = (option: KeyPolicy) => setChoice({ instead: team.key_policy, policy: option });
  const choices = useEarlyInput<HTMLFieldSetElement>(policy, (value) => {
    const option = KEY_POLICIES.find((known) => known === value);
    if (option) choose(option);
  });

  async function save(event: FormEvent) {
    event.preventDefault();
    setFailure(null);
    setFailure(
      await run(async () => {
        await callApi("PATCH", `/api/teams/${team.id}`, { key_policy: policy });
        toast.success("Saved. It applies to new runs.");
      }),
    );
  }

  return (
    <Card aria-labelledby={`${id}-title`}>
      <CardHeader>
        <CardTitle id={`${id}-title`}>Which keys runs may use</CardTitle>
        <CardDescription>
          {team.role === "admin" ? "A personal key always comes first." : "The team's admins set this."}
        </CardDescription>
      </CardHeader>
      <CardContent>
        {team.role === "admin" ? (
          <form onSubmit={save} className="flex flex-col gap-4">
            <fieldset
              ref={choices}
              className="flex flex-col gap-2"
              aria-describedby={failure ? `${id}-failure` : undefined}
            >
              <legend className="sr-only">Which keys runs may use</legend>
              {KEY_POLICIES.map((option) => (
                <RadioCard
                  key={option}
                  name={`${id}-policy`}
                  value={option}
                  checked={policy === option}
                  onChange={() => choose(option)}
                >
                  <Choice {...WORDS[option]} />
                </RadioCard>
              ))}
            </fieldset>
            <Failure id={`${id}-failure`} failure={failure} />
            <SubmitButton variant="outline" className="self-start" busy={busy}>
              {busy ? "Saving…" : "Save"}
              <span className="sr-only"> which keys runs may use</span>
            </SubmitButton>
          </form>
        ) : (
          <Choice {...WORDS[team.key_policy]} />
        )}
      </CardContent>
    </Card>
  );
}
