import { KeyRound } from "lucide-react";
import { Button } from "@/components/ui/button";

const FIRST_KEY = "ANTHROPIC_API_KEY";

/** What the panel is for, in one sentence. */
export function EmptyVault({ platformPays, onAdd }: { platformPays: boolean; onAdd: (key: string) => void }) {
  return (
    <div className="flex flex-col items-center gap-3 rounded-lg border border-dashed px-4 py-8 text-center">
      <KeyRound aria-hidden className="size-6 text-muted-foreground" />
      <p className="max-w-xs text-sm text-muted-foreground">
        Add your {FIRST_KEY}, and Reveal runs on your own account from then on
        {platformPays ? "; until then the platform pays." : "."}
      </p>
      <Button variant="outline" size="sm" onClick={() => onAdd(FIRST_KEY)}>
        Add {FIRST_KEY}
      </Button>
    </div>
  );
}
