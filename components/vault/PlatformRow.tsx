"use client";

import { Plus } from "lucide-react";
import { Button } from "@/components/vault/ui/button";
import { StandingBadge } from "./SecretRow";
import { describeStanding } from "./standing";

interface PlatformRowProps {
  name: string;
  /** What uses it. */
  feature: string;
  ofTeam: boolean;
  /** Left out where the person may not add it. */
  onAdd: (() => void) | undefined;
}

/** A key that is not in this vault, and that the platform stands in for. */
export function PlatformRow({ name, feature, ofTeam, onAdd }: PlatformRowProps) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-2 rounded-lg border border-dashed p-3">
      <div className="min-w-0">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <p className="font-mono text-sm text-muted-foreground [overflow-wrap:anywhere]">{name}</p>
          <StandingBadge standing={describeStanding(feature, null, ["env"])} />
        </div>
        <p className="text-sm text-muted-foreground">
          {ofTeam
            ? `Not in the team's vault: for members without a key, ${feature} runs at the platform's expense.`
            : `Not in your vault: ${feature} runs at the platform's expense.`}
        </p>
      </div>
      {onAdd && (
        <Button variant="outline" size="sm" onClick={onAdd}>
          <Plus aria-hidden />
          {ofTeam ? "Add the team's" : "Add yours"}
        </Button>
      )}
    </li>
  );
}
