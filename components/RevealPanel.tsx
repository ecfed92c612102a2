"use client";

import { useCallback, useRef, useState } from "react";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/vault/ui/card";
import type { Payers, RevealModel, RunKind, RunOutcome } from "@/lib/reveal/types";
import type { TeamSummary } from "@/lib/teams/types";
import type { SecretSource } from "@/lib/vault/types";
import { AnalyzeForm } from "./reveal/AnalyzeForm";
import { PayerLine } from "./reveal/PayerLine";
import { RunForm } from "./reveal/RunForm";
import { RunList } from "./reveal/runs/late";
import type { PageRun } from "./reveal/runs/run";
import { useModel } from "./reveal/runs/useModel";
import { useReveal } from "./reveal/runs/useReveal";

interface RevealPanelProps {
  /** The person who is signed in, by their UUID. */
  userId: string;
  /** The team whose rule and key count as well; null for none. */
  team: TeamSummary | null;
  payers: Payers;
  /** The layers that hold the key and may pay, nearest first. */
  usable: readonly SecretSource[];
  /** Those that may be chosen, the default first. */
  models: readonly RevealModel[];
  /** Whether the person turned out to have left the team. */
  isOut: boolean;
  /** Learns how each run ended. */
  onRun: (outcome: RunOutcome) => void;
}

/** The panel that runs prompts and analyzes texts, on the nearest key, and keeps what came of it. */
export function RevealPanel({ userId, team, payers, usable, models, isOut, onRun }: RevealPanelProps) {
  const [opened, setOpened] = useState<RunKind | null>(null);
  const reveal = useReveal(userId, team, onRun);
  const { state, engine } = reveal;
  const tab = opened ?? engine?.lastTab ?? "run";
  const model = useModel(models);
  const chosen = model.chosen?.id;
  const hasRun = useRef(false);
  hasRun.current ||= state.ended.length > 0;

  const open = useCallback(
    (kind: RunKind) => {
      setOpened(kind);
      engine?.keepTab(kind);
    },
    [engine],
  );
  const runAgain = useCallback(
    ({ kind, text }: PageRun) => {
      open(kind);
      engine?.sendAgain(kind, text, { model: chosen });
    },
    [engine, open, chosen],
  );
  const isAdmin = team?.role === "admin";
  const forms = { reveal, teamId: team?.id, isAdmin, usable, model, onAgain: runAgain };

  return (
    <Card id="reveal" aria-labelledby="reveal-title">
      <CardHeader>
        <CardTitle id="reveal-title">Reveal</CardTitle>
        <CardDescription>Ask Claude a question, or have it analyze a text.</CardDescription>
      </CardHeader>
      <CardContent className="grid grid-cols-1 gap-4">
        <PayerLine team={team} payers={payers} usable={usable} isOut={isOut} />
        <Tabs value={tab} onValueChange={(value) => open(value as RunKind)}>
          <TabsList aria-label="What to do">
            <TabsTrigger value="run">Run</TabsTrigger>
            <TabsTrigger value="analyze">Analyze</TabsTrigger>
          </TabsList>
          {/* Both stay mounted, so that changing the tab neither stops an answer nor loses a text. */}
          <TabsContent value="run">
            <RunForm {...forms} />
          </TabsContent>
          <TabsContent value="analyze">
            <AnalyzeForm {...forms} />
          </TabsContent>
        </Tabs>
        {engine && hasRun.current && <RunList state={state} engine={engine} onAgain={runAgain} />}
      </CardContent>
    </Card>
  );
}
