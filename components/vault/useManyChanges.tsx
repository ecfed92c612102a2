"use client";

import { useState } from "react";
import { toast } from "@/components/vault/toast";
import { toastFailure } from "@/components/vault/toastFailure";
import { type ApiError, isOutcomeUnknown } from "@/lib/vault/http/client";
import type { Category, SecretMetadata } from "@/lib/vault/types";
import type { SecretChanges } from "./useSecretChanges";

const A_MOMENT_MS = 1000;
const MOST_LISTED = 5;
const READ_MS = 15_000;

interface Failure {
  key: string;
  reason: string;
}
/** What became of one of them: null where it is done. */
type Attempt = { reason: string; error?: ApiError } | null;
interface Words {
  /** @example "Deleting" */
  doing: string;
  /** @example "3 secrets deleted" */
  done: (count: string) => string;
  /** @example "Couldn't delete 2 of 3 secrets" */
  failed: (count: string) => string;
}

const DELETION: Words = {
  doing: "Deleting",
  done: (count) => `${count} deleted`,
  failed: (count) => `Couldn't delete ${count}`,
};
const moveTo = (category: Category): Words => ({
  doing: "Moving",
  done: (count) => `${count} moved to ${category}`,
  failed: (count) => `Couldn't move ${count}`,
});
const countOf = (count: number) => `${count} ${count === 1 ? "secret" : "secrets"}`;

/**
 * Changes several secrets, one after another, and says once what came of it.
 *
 * @param onDone is given the keys that are as they were
 */
export function useManyChanges(changes: SecretChanges, onDone: (failed: readonly string[]) => void) {
  const [progress, setProgress] = useState<{ text: string; isLong: boolean } | null>(null);

  async function forEach(
    secrets: readonly SecretMetadata[],
    words: Words,
    attempt: (secret: SecretMetadata) => Promise<Attempt>,
  ): Promise<void> {
    const show = (done: number) => ({ text: `${words.doing} ${done + 1} of ${secrets.length}…` });
    setProgress({ ...show(0), isLong: false });
    const timer = setTimeout(() => setProgress((now) => now && { ...now, isLong: true }), A_MOMENT_MS);
    const failures: Failure[] = [];
    for (const [index, secret] of secrets.entries()) {
      setProgress((now) => now && { ...now, ...show(index) });
      const failed = await attempt(secret);
      if (!failed) continue;
      failures.push({ key: secret.key, reason: failed.reason });
      if (failed.error && isHopeless(failed.error)) {
        const rest = secrets.slice(index + 1);
        failures.push(...rest.map(({ key }) => ({ key, reason: "Not tried." })));
        if (failed.error.code === "unauthenticated") toastFailure(failed.error);
        break;
      }
    }
    clearTimeout(timer);
    setProgress(null);
    onDone(failures.map(({ key }) => key));
    if (failures.length === 0) return void toast.success(words.done(countOf(secrets.length)));
    const count = `${failures.length} of ${countOf(secrets.length)}`;
    toast.error(words.failed(count), { description: <Failures of={failures} />, duration: READ_MS });
  }

  return {
    isBusy: progress !== null,
    /** In words, once it takes longer than a moment. */
    progress: progress?.isLong ? progress.text : null,

    /** Deletes secrets in the states that the page shows. */
    removeAll: (secrets: readonly SecretMetadata[]) =>
      forEach(secrets, DELETION, async (secret) => {
        const removal = await changes.removeSilently(secret);
        if (removal.result === "deleted") return null;
        if (removal.result === "failed") return { reason: removal.error.message, error: removal.error };
        return { reason: "It was changed elsewhere. Look at it, then delete it again." };
      }),

    moveAll: (secrets: readonly SecretMetadata[], category: Category) =>
      forEach(secrets, moveTo(category), async (secret) => {
        const { key, description, updated_at } = secret;
        if (secret.category === category) return null;
        let refusal: Attempt = null;
        const request = { key, category, description, if_updated_at: updated_at };
        await changes.saveMetadata(secret, request, (error) => {
          refusal = { reason: error.message, error };
        });
        return refusal;
      }),
  };
}

/** Whether the next one would fail for the same reason. */
const isHopeless = (error: ApiError): boolean =>
  ["unauthenticated", "user_changed", "team_role_required"].includes(error.code) || isOutcomeUnknown(error);

function Failures({ of }: { of: readonly Failure[] }) {
  return (
    <ul>
      {of.slice(0, MOST_LISTED).map(({ key, reason }) => (
        <li key={key} className="[overflow-wrap:anywhere]">
          {key}: {reason}
        </li>
      ))}
      {of.length > MOST_LISTED && <li>And {of.length - MOST_LISTED} more.</li>}
    </ul>
  );
}
