"use client";

import { useState } from "react";
import type { Exposure } from "@/lib/activity/exposures";
import { KEY_RESULTS, type KeyUse, type Payers, REVEAL_KEY, type RunOutcome } from "@/lib/reveal/types";
import { allowedSources } from "@/lib/teams/policy";
import type { TeamSummary } from "@/lib/teams/types";
import type { SecretMetadata, SecretSource } from "@/lib/vault/types";
import type { Webhook } from "@/lib/webhooks/types";
import { RevealPanel } from "./RevealPanel";
import { usePayers } from "./reveal/usePayers";
import { LeftTeamNotice } from "./teams/LeftTeamNotice";
import { VaultManager } from "./VaultManager";
import { WebhookManager } from "./WebhookManager";

interface DashboardContentProps {
  userId: string;
  /** The team whose workspace this is; null for the person's own. */
  team: TeamSummary | null;
  initialSecrets: SecretMetadata[];
  /** Null where they are not shown. */
  initialWebhooks: Webhook[] | null;
  /** Keys that the platform has a value of its own for. */
  platformKeys: readonly string[];
  initialPayers: Payers;
  /** How this vault's key for Reveal did when it was last used. */
  initialUse: KeyUse | null;
  /** Which of the team's keys people who left have seen; empty for all but its admins. */
  exposures: readonly Exposure[];
}

const NEAREST_FIRST: readonly SecretSource[] = ["user", "team", "env"];

/** The dashboard: webhooks and the vault on the left, Reveal on the right. */
export function DashboardContent(props: DashboardContentProps) {
  const { userId, team } = props;
  const owner = team ? "team" : "user";
  const [secrets, setSecrets] = useState<readonly SecretMetadata[]>(props.initialSecrets);
  const [lastUse, setLastUse] = useState(props.initialUse);
  const [runs, setRuns] = useState(0);
  const { payers, isOut, refresh } = usePayers(team?.id ?? null, props.initialPayers);
  const allowed = allowedSources(payers.policy);
  // This vault's own layer is worked out from the rows that it shows, so that it follows every change at once.
  const isInVault = secrets.some((secret) => secret.key === REVEAL_KEY);
  const usable = NEAREST_FIRST.filter(
    (source) => allowed.includes(source) && (source === owner ? isInVault : payers.holders.includes(source)),
  );

  function noteRun({ source, status }: RunOutcome) {
    setRuns((count) => count + 1);
    const result = KEY_RESULTS.get(status);
    if (result && source === owner) setLastUse({ result, at: new Date().toISOString() });
    void refresh();
  }

  return (
    <main className="mx-auto grid w-full max-w-7xl items-start gap-5 px-4 py-5 sm:px-6 lg:grid-cols-2 lg:py-8">
      <h1 className="sr-only">{team ? `Dashboard of ${team.name}` : "Dashboard"}</h1>
      {isOut && <LeftTeamNotice />}
      <div className="flex min-w-0 flex-col gap-5">
        {props.initialWebhooks && !isOut && (
          <WebhookManager
            teamId={team?.id ?? null}
            initialWebhooks={props.initialWebhooks}
            secrets={secrets}
            runs={runs}
          />
        )}
        {!isOut && (
          <VaultManager
            userId={userId}
            team={team && { ...team, key_policy: payers.policy ?? team.key_policy }}
            secrets={secrets}
            onSecretsChange={setSecrets}
            platformKeys={allowed.includes("env") ? props.platformKeys : []}
            payers={usable}
            lastUse={lastUse}
            exposures={props.exposures}
          />
        )}
      </div>
      <div className="min-w-0 lg:sticky lg:top-8">
        <RevealPanel team={team} payers={payers} usable={usable} onRun={noteRun} />
      </div>
    </main>
  );
}
