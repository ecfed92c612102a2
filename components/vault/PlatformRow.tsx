"use client";

import { Plus } from "lucide-react";
import { Button } from "@/components/ui/button";
import { StandingBadge } from "./SecretRow";
import { describeStanding } from "./standing";

/** A key that is not in this vault, and that the platform stands in for. */
export function PlatformRow({ name, onAdd }: { name: string; onAdd: () => void }) {
  const standing = describeStanding(name, null, ["env"]);
  if (!standing) return null;
  return (
    <li className="flex flex-wrap items-center justify-between gap-2 rounded-lg border border-dashed p-3">
      <div className="min-w-0">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <p className="font-mono text-sm text-muted-foreground [overflow-wrap:anywhere]">{name}</p>
          <StandingBadge standing={standing} />
        </div>
        <p className="text-sm text-muted-foreground">
          Not in your vault: Reveal runs at the platform's expense.
        </p>
      </div>
      <Button variant="outline" size="sm" onClick={onAdd}>
        <Plus aria-hidden />
        Add yours
      </Button>
    </li>
  );
}
