"use client";

import { Plus } from "lucide-react";
import { Button } from "@/components/vault/ui/button";
import { StandingBadge } from "./StandingBadge";
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
    <li className="flex flex-wrap items-center justify-between gap-x-2 gap-y-1 px-3 py-1">
      <div className="min-w-0 flex-1 basis-52">
        <div className="flex flex-wrap items-center gap-x-2">
          <p className="font-mono text-sm text-muted-foreground [overflow-wrap:anywhere]">{name}</p>
          <StandingBadge standing={describeStanding(feature, null, ["env"])} />
        </div>
        <p className="text-xs text-muted-foreground">
          {ofTeam
            ? `Not in this vault. The platform pays when members without a key use ${feature}.`
            : `Not in your vault. The platform pays for ${feature}.`}
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
