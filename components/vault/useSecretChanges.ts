"use client";

import { toast } from "sonner";
import { ApiError } from "@/lib/http/client";
import {
  type ImportRequest,
  importSecrets,
  removeSecret,
  type SaveRequest,
  saveSecret,
} from "@/lib/vault/requests";
import type { SecretMetadata } from "@/lib/vault/types";

type Secrets = readonly SecretMetadata[];

interface Options {
  onSecretsChange: (change: (secrets: Secrets) => Secrets) => void;
  /** The values of these keys are new or gone. */
  onValuesChanged: (keys: readonly string[]) => void;
}

const asApiError = (error: unknown) =>
  error instanceof ApiError ? error : new ApiError(0, "internal", "That did not work. Try again.");

/**
 * Changes secrets on the server and on the page. What needs no value is shown at once, and taken back where
 * the server does not agree; a value is never kept for that, so saving one waits for the answer.
 */
export function useSecretChanges({ onSecretsChange, onValuesChanged }: Options) {
  /** Puts secrets in the place of those with the same key; null takes one away. */
  function put(changes: Record<string, SecretMetadata | null>): void {
    onSecretsChange((current) =>
      [
        ...current.filter((secret) => !(secret.key in changes)),
        ...Object.values(changes).filter((secret) => secret !== null),
      ].sort((a, b) => (a.key < b.key ? -1 : 1)),
    );
  }

  /** Rejects with an ApiError. */
  async function saveWithValue(request: SaveRequest): Promise<void> {
    const saved = await saveSecret(request);
    put({ [saved.key]: saved });
    onValuesChanged([saved.key]);
    toast.success(`${saved.key} is saved.`);
  }

  /** @param onRefused is told why, after the change was taken back */
  async function saveMetadata(
    before: SecretMetadata,
    request: SaveRequest,
    onRefused: (reason: ApiError) => void,
  ): Promise<void> {
    const { category, description } = request;
    put({ [before.key]: { ...before, category, description } });
    try {
      put({ [before.key]: await saveSecret(request) });
    } catch (error) {
      put({ [before.key]: before });
      onRefused(asApiError(error));
    }
  }

  async function remove(secret: SecretMetadata): Promise<void> {
    put({ [secret.key]: null });
    try {
      await removeSecret(secret.key);
      onValuesChanged([secret.key]);
      toast.success(`${secret.key} is deleted.`);
    } catch (failure) {
      const error = asApiError(failure);
      // Deleted in another window: what was wanted is so.
      if (error.code === "secret_not_found") return;
      put({ [secret.key]: secret });
      toast.error(`${secret.key} is not deleted. ${error.message}`);
    }
  }

  /** Rejects with an ApiError, and then nothing is stored. */
  async function importAll(rows: ImportRequest[]): Promise<void> {
    const stored = await importSecrets(rows);
    put(Object.fromEntries(stored.map((secret) => [secret.key, secret])));
    onValuesChanged(stored.map(({ key }) => key));
    toast.success(`${stored.length} ${stored.length === 1 ? "secret is" : "secrets are"} stored.`);
  }

  return { put, saveWithValue, saveMetadata, remove, importAll };
}
