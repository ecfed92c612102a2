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
        {canManage && wanted && platformPays && " Until then, the platform pays."}
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
  if (!canManage) return "No team keys yet. Team admins add them, and every member can use them.";
  if (!wanted) return "No keys yet. Add one, or import a .env file. They're stored encrypted.";
  const { key, feature } = wanted;
  return ofTeam
    ? `Add the team's ${key}, and ${feature} uses it for members without their own key.`
    : `Add your ${key} to run ${feature} on your own account.`;
}
