"use client";

import { useRef, useState } from "react";
import { toast } from "sonner";
import { ConfirmDialog } from "@/components/shared/ConfirmDialog";
import { useTeamChange } from "@/components/shared/useTeamChange";
import { describeSpent, standingOf } from "@/components/usage/budgets";
import { neighbourOf } from "@/components/vault/neighbour";
import { Badge } from "@/components/vault/ui/badge";
import { Button } from "@/components/vault/ui/button";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/vault/ui/card";
import { RelativeTime } from "@/components/vault/ui/RelativeTime";
import type {
  BudgetUse,
  KeyToRotate,
  TeamBudgets,
  TeamMember,
  TeamRole,
  TeamSummary,
} from "@/lib/teams/types";
import { callApi } from "@/lib/vault/http/client";
import { MemberBudgetDialog } from "./MemberBudgetDialog";

interface MembersCardProps {
  team: TeamSummary;
  members: readonly TeamMember[];
  budgets: TeamBudgets;
  isOnlyAdmin: boolean;
  hasOpenInvites: boolean;
}

type Question = { kind: "promote" | "demote" | "remove" | "budget"; member: TeamMember };

const nameOf = ({ email }: TeamMember) => email || "a person without an e-mail address";
const heading = () => document.getElementById("members-title");

/** Who is in the team; admins change that here. */
export function MembersCard({ team, members, budgets, isOnlyAdmin, hasOpenInvites }: MembersCardProps) {
  const { run } = useTeamChange();
  const [question, setQuestion] = useState<Question | null>(null);
  // A row goes with the answer and not with the page that is loaded after it, where the next removal could lead back.
  const [removed, setRemoved] = useState<readonly TeamMember[]>([]);
  const shown = members.filter((member) => !removed.includes(member));
  const neighbour = useRef<HTMLElement | null>(null);
  const mayManage = team.role === "admin";
  const budgetOf = ({ user_id }: TeamMember) => budgets.members?.find((each) => each.user_id === user_id);
  const asked = question?.kind === "budget" && budgetOf(question.member);

  const changeRole = (member: TeamMember, role: TeamRole) =>
    run(async () => {
      await callApi("PATCH", `/api/teams/${team.id}/members/${member.user_id}`, { role });
      const now = role === "admin" ? "an admin" : "a member";
      toast.success(member.is_you ? `You're now ${now}` : `${nameOf(member)} is now ${now}`);
    });

  const remove = (member: TeamMember) => {
    // So that people keep their place in a long list.
    neighbour.current = neighbourOf(
      "#members [data-remove]",
      (button) => button.dataset.remove === member.user_id,
    );
    return run(async () => {
      const { rotate } = await callApi<{ rotate: KeyToRotate[] }>(
        "DELETE",
        `/api/teams/${team.id}/members/${member.user_id}`,
      );
      setRemoved((before) => [...before, member]);
      const done = `${nameOf(member)} removed`;
      if (rotate.length === 0) return void toast.success(done);
      toast.success(`${done}. They've seen ${rotate.length} of the team's keys.`, {
        action: {
          label: "Rotate",
          onClick: () => document.getElementById("rotate-notice")?.scrollIntoView({ block: "center" }),
        },
      });
    });
  };

  const close = () => setQuestion(null);
  return (
    <Card id="members" aria-labelledby="members-title">
      <CardHeader>
        <CardTitle
          id="members-title"
          tabIndex={-1}
          className="flex items-center gap-2 focus-visible:outline-hidden"
        >
          Members
          <Badge variant="secondary">{shown.length}</Badge>
        </CardTitle>
        <CardDescription>
          Only admins can see and change the values of the team's keys and manage its members.
        </CardDescription>
      </CardHeader>
      <CardContent>
        <ul className="divide-y rounded-lg border">
          {shown.map((member) => (
            <li key={member.user_id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-3 py-2.5">
              <div className="min-w-0 flex-1 basis-52">
                <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
                  <span className="text-sm font-medium [overflow-wrap:anywhere]">
                    {member.email || "No e-mail address"}
                  </span>
                  {member.role === "admin" && <Badge>Admin</Badge>}
                  {member.is_you && <Badge variant="outline">You</Badge>}
                </p>
                <p className="text-sm text-muted-foreground">
                  Joined <RelativeTime iso={member.joined_at} />
                  <Spent use={budgetOf(member)} />
                </p>
              </div>
              {mayManage && (
                <div className="flex flex-wrap gap-1 max-sm:-ml-3">
                  <Button
                    variant="ghost"
                    size="sm"
                    aria-label={`Set the budget for ${nameOf(member)}`}
                    onClick={() => setQuestion({ kind: "budget", member })}
                  >
                    Budget
                  </Button>
                  {!(member.is_you && isOnlyAdmin) && (
                    <Button
                      variant="ghost"
                      size="sm"
                      aria-label={`Make ${member.role === "admin" ? "member" : "admin"}: ${nameOf(member)}`}
                      onClick={() =>
                        setQuestion({ kind: member.role === "admin" ? "demote" : "promote", member })
                      }
                    >
                      {member.role === "admin" ? "Make member" : "Make admin"}
                    </Button>
                  )}
                  {!member.is_you && (
                    <Button
                      variant="ghost"
                      size="sm"
                      className="text-destructive-text"
                      data-remove={member.user_id}
                      aria-label={`Remove ${nameOf(member)}`}
                      onClick={() => setQuestion({ kind: "remove", member })}
                    >
                      Remove
                    </Button>
                  )}
                </div>
              )}
            </li>
          ))}
        </ul>
      </CardContent>
      {asked && question && (
        <MemberBudgetDialog team={team} budget={asked} name={nameOf(question.member)} onClose={close} />
      )}
      {question?.kind === "promote" && (
        <ConfirmDialog
          title={`Make ${nameOf(question.member)} an admin?`}
          action="Make admin"
          working="Changing…"
          onConfirm={() => changeRole(question.member, "admin")}
          onClose={close}
        >
          They'll be able to see, change, and delete the values of the team's keys and manage its members.
          They'll also be able to remove you.
        </ConfirmDialog>
      )}
      {question?.kind === "demote" && (
        <ConfirmDialog
          title={
            question.member.is_you ? "Stop being an admin?" : `Make ${nameOf(question.member)} a member?`
          }
          action="Make member"
          working="Changing…"
          destructive
          onConfirm={() => changeRole(question.member, "member")}
          onClose={close}
          focusAfter={question.member.is_you ? heading : undefined}
        >
          {question.member.is_you
            ? "You'll stay in the team, but you won't be able to see the values of its keys or manage it. The team's open invite links will stop working. Only another admin can make you an admin again."
            : "They'll stay in the team, but from their next request on, they can't see the values of its keys or manage it. The team's open invite links will stop working."}
        </ConfirmDialog>
      )}
      {question?.kind === "remove" && (
        <ConfirmDialog
          title={`Remove ${nameOf(question.member)}?`}
          action="Remove"
          working="Removing…"
          destructive
          onConfirm={() => remove(question.member)}
          onClose={close}
          focusAfter={() => neighbour.current ?? heading()}
        >
          This person loses access to {team.name} and its keys from their next request on. They keep their own
          keys and runs. If they've seen values of the team's keys, you'll see which ones to rotate.
          {hasOpenInvites &&
            (question.member.role === "admin"
              ? " The team's open invite links will stop working, because this person may know them."
              : " Open invite links keep working, but won't let this account back in.")}
        </ConfirmDialog>
      )}
    </Card>
  );
}

/** What somebody spent on the team's key, where that is known and something, or there is a budget. */
function Spent({ use }: { use: BudgetUse | undefined }) {
  if (!use || (use.monthly_usd === null && use.spent_usd === 0)) return null;
  return (
    <>
      {" "}
      · {describeSpent(use)} this month{standingOf(use) === "used" && ", used up"}
    </>
  );
}
