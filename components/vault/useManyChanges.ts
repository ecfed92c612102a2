"use client";

import { useState } from "react";
import { toast } from "@/components/vault/toast";
import type { SecretMetadata } from "@/lib/vault/types";
import type { ManyChange } from "./changeMany";
import { loadParts } from "./lateParts";
import type { SecretChanges } from "./useSecretChanges";

const A_MOMENT_MS = 1000;

/**
 * Changes several secrets, and says how far it is once that takes longer than a moment.
 *
 * @param onDone is given the keys that are as they were
 */
export function useManyChanges(changes: SecretChanges, onDone: (failed: readonly string[]) => void) {
  const [progress, setProgress] = useState<{ text: string; isLong: boolean } | null>(null);

  async function change(secrets: readonly SecretMetadata[], what: ManyChange): Promise<void> {
    const doing = what === "delete" ? "Deleting" : "Moving";
    const say = (number: number) => `${doing} ${number} of ${secrets.length}…`;
    setProgress({ text: say(1), isLong: false });
    const timer = setTimeout(() => setProgress((now) => now && { ...now, isLong: true }), A_MOMENT_MS);
    try {
      const { changeMany } = await loadParts();
      onDone(
        await changeMany(changes, secrets, what, (number) =>
          setProgress((now) => now && { ...now, text: say(number) }),
        ),
      );
    } catch {
      // The file that does it did not arrive, so nothing is changed.
      toast.error("Couldn't reach the server. Nothing was changed. Try again.");
    } finally {
      clearTimeout(timer);
      setProgress(null);
    }
  }

  return { isBusy: progress !== null, progress: progress?.isLong ? progress.text : null, change };
}
