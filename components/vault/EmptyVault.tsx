import { KeyRound } from "lucide-react";
import { Button } from "@/components/vault/ui/button";

interface EmptyVaultProps {
  /** A key that is asked for, and what asks for it; undefined where nothing does. */
  wanted: { key: string; feature: string } | undefined;
  ofTeam: boolean;
  /** Only admins add a team's keys. */
  canManage: boolean;
  platformPays: boolean;
  onAdd: (key: string) => void;
}

/** What the panel is for, in one sentence. */
export function EmptyVault({ wanted, ofTeam, canManage, platformPays, onAdd }: EmptyVaultProps) {
  return (
    <div className="flex flex-col items-center gap-3 rounded-lg border border-dashed px-4 py-8 text-center">
      <KeyRound aria-hidden className="size-6 text-muted-foreground" />
      <p className="max-w-xs text-sm text-muted-foreground">
        {sentence(wanted, ofTeam, canManage)}
        {canManage && wanted && (platformPays ? "; until then the platform pays." : ".")}
      </p>
      {canManage && wanted && (
        <Button variant="outline" size="sm" onClick={() => onAdd(wanted.key)}>
          Add {wanted.key}
        </Button>
      )}
    </div>
  );
}

function sentence(wanted: EmptyVaultProps["wanted"], ofTeam: boolean, canManage: boolean): string {
  if (!canManage) return "The team has no keys yet. Its admins add them, and every member can use them.";
  if (!wanted) return "No keys yet. Add one, or import a .env file: they are kept encrypted.";
  const { key, feature } = wanted;
  return ofTeam
    ? `Add the team's ${key}, and members without a key of their own run ${feature} on it`
    : `Add your ${key}, and ${feature} runs on your own account from then on`;
}
