"use client";

import { useRef, useState } from "react";
import { toast } from "sonner";
import { ConfirmDialog } from "@/components/shared/ConfirmDialog";
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
import { useTeamChange } from "./useTeamChange";

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
      toast.success(member.is_you ? `You are now ${now}.` : `${nameOf(member)} is now ${now}.`);
    });

  const remove = (member: TeamMember) => {
    // So that one keeps one's place in a long list.
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
      const done = `${nameOf(member)} is removed.`;
      if (rotate.length === 0) return void toast.success(done);
      const keys = rotate.length === 1 ? "a key" : `${rotate.length} keys`;
      toast.success(`${done} They have seen ${keys} of the team.`, {
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
          Only admins see the values of the team's keys, change them, and decide who is here.
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
                    aria-label={`Set the budget of ${nameOf(member)}`}
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
          They will see, change and delete the values of the team's keys, and decide who is in the team. They
          can remove you, too.
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
            ? "You stay in the team, and no longer see the values of its keys or manage it. The team's open invite links stop working. Only another admin can make you one again."
            : "They stay in the team. From their next request on they no longer see the values of its keys or manage it, and the team's open invite links stop working."}
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
          This person loses access to {team.name} and its keys at their next request. Their own keys and runs
          stay theirs. If they have seen values of the team's keys, you see which to rotate.
          {hasOpenInvites &&
            (question.member.role === "admin"
              ? " The team's open invite links stop working, because this person may know them."
              : " Open invite links stay, but do not let this account in again.")}
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
