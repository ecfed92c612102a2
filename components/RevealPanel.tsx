"use client";

import dynamic from "next/dynamic";
import { useCallback, useEffect, useRef, useState } from "react";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/vault/ui/card";
import type { Payers, RevealModel, RunKind, RunOutcome } from "@/lib/reveal/types";
import type { TeamSummary } from "@/lib/teams/types";
import type { SecretSource } from "@/lib/vault/types";
import { AnalyzeForm } from "./reveal/AnalyzeForm";
import { PayerLine } from "./reveal/PayerLine";
import { RunForm } from "./reveal/RunForm";
import { loadRunList } from "./reveal/runs/late";
import type { PageRun } from "./reveal/runs/run";
import { useModel } from "./reveal/runs/useModel";
import { useReveal } from "./reveal/runs/useReveal";

// Of use only once something was run.
const RunList = dynamic(loadRunList, { ssr: false });

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

// Both stay mounted, so that changing the tab neither stops an answer nor loses a text.
const HIDDEN_WHEN_INACTIVE = "data-[state=inactive]:hidden";

/** The panel that runs prompts and analyzes texts, on the nearest key, and keeps what came of it. */
export function RevealPanel({ userId, team, payers, usable, models, isOut, onRun }: RevealPanelProps) {
  const [opened, setOpened] = useState<RunKind | null>(null);
  const reveal = useReveal(userId, team, onRun);
  const { state, engine } = reveal;
  const tab = opened ?? engine?.lastTab ?? "run";
  const model = useModel(models);
  const forms = { reveal, teamId: team?.id, isAdmin: team?.role === "admin", usable, model };
  const hasRun = useRef(false);
  hasRun.current ||= state.ended.length > 0;
  const chosen = useRef(model.chosen?.id);
  useEffect(() => {
    chosen.current = model.chosen?.id;
  }, [model.chosen?.id]);

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
      engine?.sendAgain(kind, text, { model: chosen.current });
    },
    [engine, open],
  );

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
          <TabsContent value="run" forceMount className={HIDDEN_WHEN_INACTIVE}>
            <RunForm {...forms} />
          </TabsContent>
          <TabsContent value="analyze" forceMount className={HIDDEN_WHEN_INACTIVE}>
            <AnalyzeForm {...forms} />
          </TabsContent>
        </Tabs>
        {engine && hasRun.current && <RunList state={state} engine={engine} onAgain={runAgain} />}
      </CardContent>
    </Card>
  );
}
