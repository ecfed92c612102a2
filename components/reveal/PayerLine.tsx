import { KeyRound } from "lucide-react";
import type { ReactNode } from "react";
import { type Payers, REVEAL_KEY } from "@/lib/reveal/types";
import type { TeamSummary } from "@/lib/teams/types";
import type { SecretSource } from "@/lib/vault/types";
import { describeBudget, describePayers } from "./words";

interface PayerLineProps {
  team: TeamSummary | null;
  payers: Payers;
  /** The layers that hold the key and may pay, nearest first. */
  usable: readonly SecretSource[];
}

/** Whose key the next run is paid with, or why there is none. */
export function PayerLine(props: PayerLineProps) {
  return (
    <p className="flex items-start gap-2 text-sm text-muted-foreground">
      <KeyRound aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span data-testid="payer">
        <PayerText {...props} />
      </span>
    </p>
  );
}

function PayerText({ team, payers, usable }: PayerLineProps) {
  const [first, ...others] = usable;
  if (first) {
    const sentence = describePayers([first, ...others]);
    const budget = first === "env" && payers.budget ? describeBudget(payers.budget) : null;
    return budget ? `${sentence} ${budget}` : sentence;
  }
  const own = <To href={team ? "/dashboard#vault" : "#vault"}>{team ? "your own vault" : "the vault"}</To>;
  if (team && payers.policy === "own") {
    return (
      <>
        In this team everybody runs on their own key: add {REVEAL_KEY} to {own}.
      </>
    );
  }
  if (team?.role === "admin") {
    return (
      <>
        No key yet: add {REVEAL_KEY} to <To href="#vault">the team's vault</To>, or to {own}.
      </>
    );
  }
  return (
    <>
      No key yet: add {REVEAL_KEY} to {own}
      {team && ", or ask an admin to add the team's"}.
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
