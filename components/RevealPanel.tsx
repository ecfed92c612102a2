"use client";

import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/ui/card";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs";
import type { SecretSource } from "@/lib/vault/types";
import { AnalyzeForm } from "./reveal/AnalyzeForm";
import { PayerLine } from "./reveal/PayerLine";
import { RunForm } from "./reveal/RunForm";

interface RevealPanelProps {
  /** Which layers hold the key, nearest first; null if that is not known. */
  payers: readonly SecretSource[] | null;
  /** The team whose key counts as well; without it only the person's own and the platform's. */
  teamId?: string;
}

// Both stay mounted, so that changing the tab neither stops an answer nor loses a text.
const HIDDEN_WHEN_INACTIVE = "data-[state=inactive]:hidden";

/** The panel that runs prompts and analyses texts, on the nearest key. */
export function RevealPanel({ payers, teamId }: RevealPanelProps) {
  return (
    <Card id="reveal" aria-labelledby="reveal-title">
      <CardHeader>
        <CardTitle id="reveal-title">Reveal</CardTitle>
        <CardDescription>Ask Claude a question, or have it analyse a text.</CardDescription>
      </CardHeader>
      <CardContent className="grid gap-4">
        <PayerLine payers={payers} />
        <Tabs defaultValue="run">
          <TabsList aria-label="What to do">
            <TabsTrigger value="run">Run</TabsTrigger>
            <TabsTrigger value="analyze">Analyze</TabsTrigger>
          </TabsList>
          <TabsContent value="run" forceMount className={HIDDEN_WHEN_INACTIVE}>
            <RunForm teamId={teamId} />
          </TabsContent>
          <TabsContent value="analyze" forceMount className={HIDDEN_WHEN_INACTIVE}>
            <AnalyzeForm teamId={teamId} />
          </TabsContent>
        </Tabs>
      </CardContent>
    </Card>
  );
}
