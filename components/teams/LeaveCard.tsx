"use client";

import { useId, useState } from "react";
import { ConfirmDialog } from "@/components/shared/ConfirmDialog";
import { plural } from "@/components/shared/plural";
import { useTeamChange } from "@/components/shared/useTeamChange";
import { Button } from "@/components/vault/ui/button";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/vault/ui/card";
import { keepNotice } from "@/lib/notice";
import { KEPT_DAYS, type TeamSummary } from "@/lib/teams/types";
import { callApi } from "@/lib/vault/http/client";
import { pageHref } from "@/lib/workspace/href";

interface LeaveCardProps {
  team: TeamSummary;
  userId: string;
  memberCount: number;
  /** How many keys the team has; null for those who cannot delete it. */
  secretCount: number | null;
  isOnlyAdmin: boolean;
}

/** A full load, and no way back to a page that is lost. */
const goHome = () => window.location.replace(pageHref("dashboard", null));

/** The ways out of a team: leaving it, or, for admins, deleting it. */
export function LeaveCard({ team, userId, memberCount, secretCount, isOnlyAdmin }: LeaveCardProps) {
  const id = useId();
  const { run } = useTeamChange();
  const [question, setQuestion] = useState<"leave" | "delete" | null>(null);
  const mayDelete = secretCount !== null;

  const end = (path: string, notice: string) =>
    run(async () => {
      await callApi("DELETE", path);
      keepNotice(notice);
      goHome();
      // The dialog stays until the next page is there.
      await new Promise(() => {});
    });

  const others = memberCount - 1;
  return (
    <Card aria-labelledby={`${id}-title`}>
      <CardHeader>
        <CardTitle id={`${id}-title`}>{mayDelete ? "Leave or delete" : "Leave"}</CardTitle>
        <CardDescription>
          {isOnlyAdmin
            ? "You're the only admin. To leave, make someone else an admin first."
            : "Leaving ends your access to the team's keys. You keep your own keys, and your runs stay on your Usage page."}
        </CardDescription>
      </CardHeader>
      <CardContent>
        <div className="flex flex-wrap gap-2">
          {!isOnlyAdmin && (
            <Button variant="outline" onClick={() => setQuestion("leave")}>
              Leave team
            </Button>
          )}
          {mayDelete && (
            <Button variant="destructive" onClick={() => setQuestion("delete")}>
              Delete team
            </Button>
          )}
        </div>
      </CardContent>
      {question === "leave" && (
        <ConfirmDialog
          title={`Leave ${team.name}?`}
          action="Leave"
          working="Leaving…"
          destructive
          onConfirm={() => end(`/api/teams/${team.id}/members/${userId}`, `You left ${team.name}.`)}
          onClose={() => setQuestion(null)}
        >
          You'll lose access to the team and its keys immediately. To come back, you'll need a new invite link
          from an admin.{mayDelete && " The team's open invite links will stop working."}
        </ConfirmDialog>
      )}
      {question === "delete" && (
        <ConfirmDialog
          title={`Delete ${team.name}?`}
          action="Delete team"
          working="Deleting…"
          destructive
          typed={team.name}
          onConfirm={() => end(`/api/teams/${team.id}`, `${team.name} was deleted.`)}
          onClose={() => setQuestion(null)}
        >
          {describeLoss(secretCount ?? 0, others)} For {KEPT_DAYS} days, each of its admins can see who
          deleted it and restore it. After that, it's gone for good. Runs stay on each person's own Usage
          page.
        </ConfirmDialog>
      )}
    </Card>
  );
}

/** What goes with a team. */
function describeLoss(secrets: number, others: number): string {
  const keys = secrets === 0 ? "" : ` or its ${plural(secrets, "key")}`;
  const people = others === 0 ? "" : ` ${plural(others, "other person loses", "other people lose")} access.`;
  return `You won't be able to use the team${keys} anymore.${people}`;
}
