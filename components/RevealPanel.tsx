"use client";

import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/vault/ui/card";
import type { Payers, RunOutcome } from "@/lib/reveal/types";
import type { TeamSummary } from "@/lib/teams/types";
import type { SecretSource } from "@/lib/vault/types";
import { AnalyzeForm } from "./reveal/AnalyzeForm";
import { PayerLine } from "./reveal/PayerLine";
import { RunForm } from "./reveal/RunForm";

interface RevealPanelProps {
  /** The team whose rule and key count as well; null for none. */
  team: TeamSummary | null;
  payers: Payers;
  /** The layers that hold the key and may pay, nearest first. */
  usable: readonly SecretSource[];
  /** Whether the person turned out to have left the team. */
  isOut: boolean;
  /** Is told how each run ended. */
  onRun: (outcome: RunOutcome) => void;
}

// Both stay mounted, so that changing the tab neither stops an answer nor loses a text.
const HIDDEN_WHEN_INACTIVE = "data-[state=inactive]:hidden";

/** The panel that runs prompts and analyzes texts, on the nearest key. */
export function RevealPanel({ team, payers, usable, isOut, onRun }: RevealPanelProps) {
  const forms = { teamId: team?.id, isAdmin: team?.role === "admin", usable, onRun };
  return (
    <Card id="reveal" aria-labelledby="reveal-title">
      <CardHeader>
        <CardTitle id="reveal-title">Reveal</CardTitle>
        <CardDescription>Ask Claude a question, or have it analyze a text.</CardDescription>
      </CardHeader>
      <CardContent className="grid grid-cols-1 gap-4">
        <PayerLine team={team} payers={payers} usable={usable} isOut={isOut} />
        <Tabs defaultValue="run">
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
      </CardContent>
    </Card>
  );
}
