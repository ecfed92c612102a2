"use client";

import { useCallback, useEffect, useState } from "react";
import type { Exposure } from "@/lib/activity/exposures";
import { PANELS, type Panel } from "@/lib/panel";
import { type Payers, REVEAL_KEY, type RevealModel, type RunOutcome } from "@/lib/reveal/types";
import { allowedSources } from "@/lib/teams/policy";
import type { DeletedTeam, KeyPolicy, TeamSummary } from "@/lib/teams/types";
import type { KeyUse, Overlaps, SecretMetadata } from "@/lib/vault/types";
import { KEY_RESULTS } from "@/lib/vault-usage/types";
import type { LeftWebhook } from "@/lib/webhooks/left";
import type { Webhook } from "@/lib/webhooks/schema";
import { pageHref } from "@/lib/workspace/href";
import { whyRotate } from "./activity/exposure";
import { FirstVisit } from "./first-visit/FirstVisit";
import { PanelLinks } from "./layout/PanelLinks";
import { usePanel } from "./layout/usePanel";
import { RevealPanel } from "./RevealPanel";
import { usePayers } from "./reveal/usePayers";
import { DeletedTeamsNotice } from "./teams/DeletedTeamsNotice";
import { LeftTeamNotice } from "./teams/LeftTeamNotice";
import { VaultManager } from "./VaultManager";
import { usableLayers } from "./vault/standing";
import { WebhookManager } from "./WebhookManager";

interface DashboardContentProps {
  userId: string;
  /** The team whose workspace this is; null for the person's own. */
  team: TeamSummary | null;
  initialSecrets: SecretMetadata[];
  /** Null where they are not shown. */
  initialWebhooks: Webhook[] | null;
  initialPayers: Payers;
  /** Those that Reveal may be asked for, the default first. */
  models: readonly RevealModel[];
  /** How this vault's key for Reveal did when it was last used. */
  initialUse: KeyUse | null;
  /** The e-mail addresses of the team's members, by their ids; empty for one's own workspace. */
  members: Readonly<Record<string, string>>;
  /** Which of the team's keys people who left have seen; empty for all but its admins. */
  exposures: readonly Exposure[];
  /** Which of the team's webhooks wait for an admin to answer for them; empty for all but its admins. */
  leftWebhooks: readonly LeftWebhook[];
  /** That the person can bring back; empty in a team. */
  deletedTeams: readonly DeletedTeam[];
  /** The keys that the person has a second time. */
  overlaps: Overlaps;
  /** What a newcomer has done already; null where the first steps are not shown. */
  firstVisit: { hasAnswer: boolean; hasTeam: boolean } | null;
  /** The panel that was opened last in this browser. */
  lastPanel: Panel;
}

const RULES: Partial<Record<KeyPolicy, string>> = {
  own: "In this team everybody runs on their own key.",
};

/** The dashboard: webhooks and the vault on the left, Reveal on the right; in a small window, one of them at a time. */
export function DashboardContent(props: DashboardContentProps) {
  const { userId, team } = props;
  const owner = team ? "team" : "user";
  const [secrets, setSecrets] = useState<readonly SecretMetadata[]>(props.initialSecrets);
  const [lastUse, setLastUse] = useState(props.initialUse);
  const [runs, setRuns] = useState(0);
  const [hasAnswer, setHasAnswer] = useState(props.firstVisit?.hasAnswer ?? false);
  const { payers, isOut, refresh } = usePayers(team?.id ?? null, props.initialPayers);
  const allowed = allowedSources(payers.policy);
  const reveal = { name: "Reveal", holders: payers.holders, allowed, lastUse };
  const isInVault = secrets.some((secret) => secret.key === REVEAL_KEY);
  const usable = isOut ? [] : usableLayers(reveal, owner, isInVault);
  const { exposures, members } = props;
  const [unseenPauses, setUnseenPauses] = useState(
    () => props.initialWebhooks?.filter(({ pause_is_unseen }) => pause_is_unseen).length ?? 0,
  );
  const [ranUnseen, setRanUnseen] = useState(false);
  const present = PANELS.filter(
    (panel) => panel === "reveal" || (!isOut && (panel === "vault" || props.initialWebhooks !== null)),
  );
  const otherwise = present.includes(props.lastPanel) ? props.lastPanel : (present[0] ?? "reveal");
  const panel = usePanel(otherwise, present);
  useEffect(() => {
    if (panel === "reveal") setRanUnseen(false);
  }, [panel]);
  const panelProps = (name: Panel) => ({
    "data-panel": name,
    "data-opened-last": name === otherwise ? "" : undefined,
  });
  const rotateReason = useCallback((secret: SecretMetadata) => whyRotate(secret, exposures), [exposures]);

  const nameOf = useCallback((id: string) => members[id], [members]);

  function noteRun({ source, status }: RunOutcome) {
    setRuns((count) => count + 1);
    if (!document.getElementById("reveal")?.checkVisibility()) setRanUnseen(true);
    const result = KEY_RESULTS.get(status);
    if (result === "worked") setHasAnswer(true);
    if (result && source === owner) setLastUse({ result, at: new Date().toISOString() });
    void refresh();
  }

  return (
    <main
      id="content"
      tabIndex={-1}
      data-panels
      className="mx-auto flex w-full max-w-7xl flex-col gap-5 px-4 py-5 sm:px-6 lg:grid lg:grid-cols-2 lg:items-start lg:py-8"
    >
      <h1 tabIndex={-1} className="sr-only">
        {team ? `Dashboard of ${team.name}` : "Dashboard"}
      </h1>
      {present.length > 1 && (
        <PanelLinks
          present={present}
          current={panel}
          news={{
            ...(unseenPauses > 0 && { webhooks: "newly paused" }),
            ...(ranUnseen && { reveal: "the run has ended" }),
          }}
        />
      )}
      {props.firstVisit && (
        <FirstVisit
          userId={userId}
          platformPays={payers.holders.includes("env")}
          hasKey={isInVault}
          hasAnswer={hasAnswer}
          hasTeam={props.firstVisit.hasTeam}
        />
      )}
      {isOut && <LeftTeamNotice />}
      <DeletedTeamsNotice teams={props.deletedTeams} />
      {/* First in the document and last on the screen, so that Tab is at the prompt before it is at the keys. */}
      <div {...panelProps("reveal")} className="min-w-0 lg:sticky lg:top-8 lg:order-last">
        <RevealPanel
          userId={userId}
          team={team}
          payers={payers}
          usable={usable}
          models={props.models}
          isOut={isOut}
          onRun={noteRun}
        />
      </div>
      <div className="contents min-w-0 flex-col gap-5 lg:flex">
        {props.initialWebhooks && !isOut && (
          <div {...panelProps("webhooks")}>
            <WebhookManager
              team={team}
              initialWebhooks={props.initialWebhooks}
              left={props.leftWebhooks}
              secrets={secrets}
              runs={runs}
              onUnseenPauses={setUnseenPauses}
            />
          </div>
        )}
        {!isOut && (
          <div {...panelProps("vault")}>
            <VaultManager
              userId={userId}
              team={
                team && {
                  id: team.id,
                  name: team.name,
                  role: team.role,
                  rule: RULES[payers.policy ?? team.key_policy],
                }
              }
              initialSecrets={props.initialSecrets}
              onSecretsChange={setSecrets}
              features={{ [REVEAL_KEY]: reveal }}
              activityPage={pageHref("activity", team?.id ?? null)}
              rotateReason={rotateReason}
              overlaps={props.overlaps}
              onOwnKey={refresh}
              nameOf={nameOf}
            />
          </div>
        )}
      </div>
    </main>
  );
}
