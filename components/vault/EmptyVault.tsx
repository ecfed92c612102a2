import { KeyRound } from "lucide-react";

/** What the panel is for, in one sentence. */
export function EmptyVault({ platformPays }: { platformPays: boolean }) {
  return (
    <div className="flex flex-col items-center gap-3 rounded-lg border border-dashed px-4 py-8 text-center">
      <KeyRound aria-hidden className="size-6 text-muted-foreground" />
      <p className="max-w-xs text-sm text-muted-foreground">
        Add your ANTHROPIC_API_KEY, and Reveal runs on your own account from then on
        {platformPays ? "; until then the platform pays." : "."}
      </p>
    </div>
  );
}
