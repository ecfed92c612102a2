import { CircleAlert } from "lucide-react";
import { Alert, AlertDescription, AlertTitle } from "@/components/vault/ui/alert";
import { Button } from "@/components/vault/ui/button";
import type { ApiError } from "@/lib/vault/http/client";
import type { SecretSource } from "@/lib/vault/types";
import { pageHref, signInHrefHere } from "@/lib/workspace/href";
import { describeKey } from "./words";

/** Codes that say that a key which is there cannot be used, so that another one would help. */
const KEY_FAILED = new Set([
  "provider_refused_key",
  "provider_no_credit",
  "provider_key_limited",
  "secret_unreadable",
]);
/** Codes whose cause can be removed in the person's own vault. */
const SOLVED_IN_VAULT = new Set([
  ...KEY_FAILED,
  "no_key",
  "own_key_required",
  "platform_key_not_allowed",
  "platform_key_off",
  "platform_budget_spent",
  "platform_limit_reached",
  "model_price_unknown",
]);

/** Codes whose cause an admin of the team can remove, by another budget. */
const TEAM_BUDGETS = new Set(["team_budget_spent", "member_budget_spent", "model_price_unknown"]);

interface RevealAlertProps {
  error: ApiError;
  teamId: string | undefined;
  /** Whether the person is an admin of that team. */
  isAdmin: boolean;
  /** The layers that hold the key and may pay, nearest first. */
  usable: readonly SecretSource[];
  /** Runs again on another layer's key, for this once. */
  onUseOnce: (source: SecretSource) => void;
}

/** Why it did not work, and what to do next. Another key pays only if the person says so here. */
export function RevealAlert({ error, teamId, isAdmin, usable, onUseOnce }: RevealAlertProps) {
  const failed = KEY_FAILED.has(error.code) ? error.source : undefined;
  const next = failed && usable[usable.indexOf(failed) + 1];
  return (
    <Alert variant="destructive">
      <CircleAlert aria-hidden />
      <AlertTitle>That didn't work</AlertTitle>
      <AlertDescription>
        <p className="[overflow-wrap:anywhere]">{error.message}</p>
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          {error.source === "team" && isAdmin && TEAM_BUDGETS.has(error.code) && teamId !== undefined && (
            <a href={pageHref("team", teamId)} className={LINK}>
              {error.code === "model_price_unknown" ? "Change budgets" : "Raise the budget"}
            </a>
          )}
          <NextStep error={error} teamId={teamId} />
          {next && (
            <Button
              type="button"
              variant="outline"
              size="sm"
              className="h-auto min-h-8 max-w-full py-1 whitespace-normal text-foreground"
              onClick={() => onUseOnce(next)}
            >
              Use {describeKey(next)} this time{" "}
            </Button>
          )}
        </div>
      </AlertDescription>
    </Alert>
  );
}

const LINK = "underline underline-offset-4";

function NextStep({ error, teamId }: { error: ApiError; teamId: string | undefined }) {
  if (error.code === "unauthenticated") {
    return (
      <a href={signInHrefHere()} className={LINK}>
        Sign in
      </a>
    );
  }
  if (error.code === "team_not_found") {
    return (
      <a href="/dashboard" className={LINK}>
        Go to your personal workspace
      </a>
    );
  }
  if (error.source === "team" && teamId !== undefined && KEY_FAILED.has(error.code)) {
    return (
      <a href={pageHref("team", teamId)} className={LINK}>
        See the team's admins
      </a>
    );
  }
  if (error.code === "too_many_runs") {
    return (
      <a href={pageHref("usage", null)} className={LINK}>
        See your runs
      </a>
    );
  }
  const isBudget = error.source === "team" && TEAM_BUDGETS.has(error.code);
  if (isBudget || (SOLVED_IN_VAULT.has(error.code) && error.source !== "team")) {
    return (
      <a href={teamId === undefined ? "#vault" : "/dashboard#vault"} className={LINK}>
        {teamId === undefined ? "Open the vault" : "Open your personal vault"}
      </a>
    );
  }
  return null;
}
