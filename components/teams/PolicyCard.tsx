"use client";

import { type FormEvent, useId, useState } from "react";
import { toast } from "sonner";
import { Failure } from "@/components/shared/Failure";
import { Choice, RadioCard } from "@/components/shared/RadioCard";
import { Button } from "@/components/vault/ui/button";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/vault/ui/card";
import { useEarlyInput } from "@/components/vault/useEarlyInput";
import { KEY_POLICIES, type KeyPolicy, type TeamSummary } from "@/lib/teams/types";
import { type ApiError, callApi } from "@/lib/vault/http/client";
import { useTeamChange } from "./useTeamChange";

const WORDS: Record<KeyPolicy, { label: string; detail: string }> = {
  own: {
    label: "Own keys only",
    detail: "Everyone brings their own. A run without one is refused.",
  },
  team: {
    label: "Own keys, else the team's",
    detail: "Members without a key of their own run on the team's, and the team's account is billed.",
  },
  platform: {
    label: "Own keys, else the team's, else the platform's",
    detail: "Where neither has a key, the platform's is used, if its operator allows that.",
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
        toast.success("Who may pay is saved. It applies from the next run on.");
      }),
    );
  }

  return (
    <Card aria-labelledby={`${id}-title`}>
      <CardHeader>
        <CardTitle id={`${id}-title`}>Who may pay</CardTitle>
        <CardDescription>
          {team.role === "admin"
            ? "Whose keys runs in this team may use. A person's own key always comes first."
            : "Whose keys runs in this team may use. Its admins decide."}
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
              <legend className="sr-only">Who may pay</legend>
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
            <Button type="submit" variant="outline" className="self-start" aria-disabled={busy}>
              {busy ? "Saving…" : "Save"}
              <span className="sr-only"> who may pay</span>
            </Button>
          </form>
        ) : (
          <Choice {...WORDS[team.key_policy]} />
        )}
      </CardContent>
    </Card>
  );
}
