import { KeyRound } from "lucide-react";
import type { ReactNode } from "react";
import { describeTimeLeft } from "@/components/shared/timeLeft";
import { describeAge } from "@/components/vault/ui/RelativeTime";
import { useClock } from "@/components/vault/ui/useClock";
import { type Payers, REVEAL_KEY, type TeamBudget } from "@/lib/reveal/types";
import type { TeamSummary } from "@/lib/teams/types";
import type { SecretSource } from "@/lib/vault/types";
import { pageHref } from "@/lib/workspace/href";
import { describeBudget, describePayers, describeTeamBudget } from "./words";

interface PayerLineProps {
  team: TeamSummary | null;
  payers: Payers;
  /** The layers that hold the key and may pay, nearest first. */
  usable: readonly SecretSource[];
  /** Whether the person turned out to have left the team. */
  isOut: boolean;
}

/** Whose key the next run is paid with, or why there is none. */
export function PayerLine(props: PayerLineProps) {
  return (
    <p className="flex items-start gap-2 text-sm text-muted-foreground">
      <KeyRound aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span data-testid="payer" className="min-w-0 [overflow-wrap:anywhere]">
        <PayerText {...props} />
      </span>
    </p>
  );
}

function PayerText({ team, payers, usable, isOut }: PayerLineProps) {
  if (isOut) {
    return (
      <>
        You're no longer in this team, so you can't run anything here.{" "}
        <To href="/dashboard">Go to your personal workspace</To> to use your own key.
      </>
    );
  }
  const [first, ...others] = usable;
  if (first) {
    const teams = first === "team" ? payers.team_budget : null;
    if (team && teams?.is_used_up) return <UsedUp team={team} budget={teams} />;
    const sentence = describePayers([first, ...others]);
    const budget = first === "env" && payers.budget ? describeBudget(payers.budget) : null;
    const words = [sentence, budget, teams && describeTeamBudget(teams)].filter(Boolean).join(" ");
    const expiry = payers.expiries[first];
    return (
      <>
        {words}
        {expiry && <KeyExpiry source={first} iso={expiry} />}
      </>
    );
  }
  const own = (
    <To href={team ? "/dashboard#vault" : "#vault"}>{team ? "your personal vault" : "the vault"}</To>
  );
  if (team && payers.policy === "own") {
    return (
      <>
        In this team, everyone uses their own key. Add {REVEAL_KEY} to {own}.
      </>
    );
  }
  if (team?.role === "admin") {
    return (
      <>
        No key yet. Add {REVEAL_KEY} to <To href="#vault">the team's vault</To>, or to {own}.
      </>
    );
  }
  return (
    <>
      No key yet. Add {REVEAL_KEY} to {own}
      {team && ", or ask an admin to add the team's"}.
    </>
  );
}

/** When the key that pays expires, by the browser's clock. */
function KeyExpiry({ source, iso }: { source: SecretSource; iso: string }) {
  const words = useClock((now) => {
    const seconds = (now - Date.parse(iso)) / 1000;
    return seconds < 0 ? `expires ${describeTimeLeft(seconds)}` : `expired ${describeAge(seconds)}`;
  });
  return words && ` ${source === "user" ? "Your" : "The team's"} key ${words}.`;
}

/** Who can help, because no other key pays in place of the team's. */
function UsedUp({ team, budget }: { team: TeamSummary; budget: TeamBudget }) {
  const raise =
    team.role === "admin" ? (
      <To href={pageHref("team", team.id)}>Raise the budget</To>
    ) : (
      `Ask an admin${budget.admins.length > 0 ? ` (${budget.admins.join(", ")})` : ""} to raise it`
    );
  return (
    <>
      {describeTeamBudget(budget)} {raise}, or add {REVEAL_KEY} to{" "}
      <To href="/dashboard#vault">your personal vault</To>.
    </>
  );
}

function To({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a href={href} className="text-foreground underline underline-offset-4">
      {children}
    </a>
  );
}
