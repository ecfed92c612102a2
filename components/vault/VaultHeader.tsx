"use client";

import { FileUp, Plus } from "lucide-react";
import type { RefObject } from "react";
import { Button } from "@/components/vault/ui/button";
import { CardAction, CardDescription, CardHeader, CardTitle } from "@/components/vault/ui/card";
import { useRovingFocus } from "@/components/vault/ui/useRovingFocus";
import type { TeamRole } from "@/lib/vault/types";
import { whose } from "./whose";

export interface VaultTeam {
  /** UUID. */
  id: string;
  /** Is in the panel's title. */
  name?: string;
  role: TeamRole;
  /** Whose keys its members use, in a sentence. */
  rule?: string;
}

interface VaultHeaderProps {
  /** Null for the person's own vault. */
  team: VaultTeam | null;
  /** Whether the person may add secrets. */
  canManage: boolean;
  addButton: RefObject<HTMLButtonElement | null>;
  onImport: () => void;
  onAdd: () => void;
}

/** Whose vault it is, and the toolbar that adds secrets. */
export function VaultHeader({ team, canManage, addButton, onImport, onAdd }: VaultHeaderProps) {
  const toolbar = useRovingFocus("[role=toolbar]");
  return (
    <CardHeader ref={toolbar.props.ref}>
      <CardTitle id="vault-title" className="[overflow-wrap:anywhere]">
        {team ? whose(team.name ?? "The team", "keys") : "Your keys"}
      </CardTitle>
      <CardDescription>{describeVault(team)}</CardDescription>
      {canManage && (
        <CardAction role="toolbar" aria-label="Add secrets" className="flex gap-2">
          <Button variant="outline" size="sm" onClick={onImport} title="Import a .env file">
            <FileUp aria-hidden />
            <span className="sr-only sm:not-sr-only">Import</span>
            <span className="sr-only"> a .env file</span>
          </Button>
          <Button ref={addButton} size="sm" onClick={onAdd}>
            <Plus aria-hidden />
            Add<span className="sr-only"> a secret</span>
          </Button>
        </CardAction>
      )}
    </CardHeader>
  );
}

function describeVault(team: VaultTeam | null): string {
  if (!team) return "Encrypted API keys. Features use yours first.";
  const rule = team.rule ?? "Members without a key of their own use these.";
  return team.role === "admin"
    ? `Encrypted API keys. ${rule}`
    : `Encrypted API keys, managed by the team's admins. ${rule}`;
}
