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

interface RevealAlertProps {
  error: ApiError;
  teamId: string | undefined;
  /** The layers that hold the key and may pay, nearest first. */
  usable: readonly SecretSource[];
  /** Runs again on another layer's key, for this once. */
  onUseOnce: (source: SecretSource) => void;
}

/** Why it did not work, and what to do next. Another key pays only if the person says so here. */
export function RevealAlert({ error, teamId, usable, onUseOnce }: RevealAlertProps) {
  const failed = KEY_FAILED.has(error.code) ? error.source : undefined;
  const next = failed && usable[usable.indexOf(failed) + 1];
  return (
    <Alert variant="destructive">
      <CircleAlert aria-hidden />
      <AlertTitle>That did not work</AlertTitle>
      <AlertDescription>
        <p>{error.message}</p>
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <NextStep error={error} teamId={teamId} />
          {next && (
            <Button
              type="button"
              variant="outline"
              size="sm"
              className="h-auto min-h-8 max-w-full py-1 whitespace-normal text-foreground"
              onClick={() => onUseOnce(next)}
            >
              Use {describeKey(next)} this once
            </Button>
          )}
        </div>
      </AlertDescription>
    </Alert>
  );
}

function NextStep({ error, teamId }: { error: ApiError; teamId: string | undefined }) {
  const link = "underline underline-offset-4";
  if (error.code === "unauthenticated") {
    return (
      <a href={signInHrefHere()} className={link}>
        Sign in
      </a>
    );
  }
  if (error.code === "team_not_found") {
    return (
      <a href="/dashboard" className={link}>
        Go to your own workspace
      </a>
    );
  }
  if (error.source === "team" && teamId !== undefined && KEY_FAILED.has(error.code)) {
    return (
      <a href={pageHref("team", teamId)} className={link}>
        See who its admins are
      </a>
    );
  }
  if (SOLVED_IN_VAULT.has(error.code) && error.source !== "team") {
    return (
      <a href={teamId === undefined ? "#vault" : "/dashboard#vault"} className={link}>
        {teamId === undefined ? "Open the vault" : "Open your own vault"}
      </a>
    );
  }
  return null;
}
