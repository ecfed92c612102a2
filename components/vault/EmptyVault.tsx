import { KeyRound } from "lucide-react";
import { Button } from "@/components/vault/ui/button";

const FIRST_KEY = "ANTHROPIC_API_KEY";

interface EmptyVaultProps {
  ofTeam: boolean;
  /** Only admins add a team's keys. */
  canManage: boolean;
  platformPays: boolean;
  onAdd: (key: string) => void;
}

/** What the panel is for, in one sentence. */
export function EmptyVault({ ofTeam, canManage, platformPays, onAdd }: EmptyVaultProps) {
  return (
    <div className="flex flex-col items-center gap-3 rounded-lg border border-dashed px-4 py-8 text-center">
      <KeyRound aria-hidden className="size-6 text-muted-foreground" />
      <p className="max-w-xs text-sm text-muted-foreground">
        {sentence(ofTeam, canManage)}
        {canManage && (platformPays ? "; until then the platform pays." : ".")}
      </p>
      {canManage && (
        <Button variant="outline" size="sm" onClick={() => onAdd(FIRST_KEY)}>
          Add {FIRST_KEY}
        </Button>
      )}
    </div>
  );
}

function sentence(ofTeam: boolean, canManage: boolean): string {
  if (!canManage) return "The team has no keys yet. Its admins add them, and every member can use them.";
  return ofTeam
    ? `Add the team's ${FIRST_KEY}, and members without a key of their own run Reveal on it`
    : `Add your ${FIRST_KEY}, and Reveal runs on your own account from then on`;
}
