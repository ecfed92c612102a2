"use client";

import { toast } from "@/components/vault/toast";
import { toastFailure } from "@/components/vault/toastFailure";
import { type ApiError, isOutcomeUnknown } from "@/lib/vault/http/client";
import type { Category, SecretMetadata } from "@/lib/vault/types";
import type { SecretChanges } from "./useSecretChanges";

const MOST_LISTED = 5;
const READ_MS = 15_000;

/** What is done to several secrets: they move to a category, or go. */
export type ManyChange = { move: Category } | "delete";
/** What became of one of them: null where it is done. */
type Attempt = { reason: string; error?: ApiError } | null;
interface Failure {
  key: string;
  reason: string;
}

const countOf = (count: number) => `${count} ${count === 1 ? "secret" : "secrets"}`;

/**
 * Changes several secrets, one after another, in the states that the page shows, and says once what came of it.
 *
 * @param onProgress is given the number of the one that is next, from 1
 * @returns the keys of those that are as they were
 */
export async function changeMany(
  changes: SecretChanges,
  secrets: readonly SecretMetadata[],
  change: ManyChange,
  onProgress: (number: number) => void,
): Promise<string[]> {
  const failures: Failure[] = [];
  for (const [index, secret] of secrets.entries()) {
    onProgress(index + 1);
    const failed = await (change === "delete" ? remove(changes, secret) : move(changes, secret, change.move));
    if (!failed) continue;
    failures.push({ key: secret.key, reason: failed.reason });
    if (!failed.error || !isHopeless(failed.error)) continue;
    failures.push(...secrets.slice(index + 1).map(({ key }) => ({ key, reason: "Not tried." })));
    if (failed.error.code === "unauthenticated") toastFailure(failed.error);
    break;
  }
  const total = countOf(secrets.length);
  if (failures.length === 0) {
    toast.success(change === "delete" ? `${total} deleted` : `${total} moved to ${change.move}`);
  } else {
    const verb = change === "delete" ? "delete" : "move";
    toast.error(`Couldn't ${verb} ${failures.length} of ${total}`, {
      description: <Failures of={failures} />,
      duration: READ_MS,
    });
  }
  return failures.map(({ key }) => key);
}

async function remove(changes: SecretChanges, secret: SecretMetadata): Promise<Attempt> {
  const removal = await changes.removeSilently(secret);
  if (removal.result === "deleted") return null;
  if (removal.result === "failed") return { reason: removal.error.message, error: removal.error };
  return { reason: "It was changed elsewhere. Look at it, then delete it again." };
}

async function move(changes: SecretChanges, secret: SecretMetadata, category: Category): Promise<Attempt> {
  const { key, description, updated_at } = secret;
  if (secret.category === category) return null;
  let refusal: Attempt = null;
  const request = { key, category, description, if_updated_at: updated_at };
  await changes.saveMetadata(secret, request, (error) => {
    refusal = { reason: error.message, error };
  });
  return refusal;
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
