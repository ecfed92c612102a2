"use client";

import { useRef } from "react";
import { toast } from "sonner";
import { type ApiError, asApiError } from "@/lib/vault/http/client";
import type { ImportRequest, SaveRequest, VaultApi } from "@/lib/vault/requests";
import type { SecretMetadata } from "@/lib/vault/types";

type Secrets = readonly SecretMetadata[];

interface Options {
  api: VaultApi;
  onSecretsChange: (change: (secrets: Secrets) => Secrets) => void;
  /** The values of these keys are new or gone. */
  onValuesChanged: (keys: readonly string[]) => void;
}

/**
 * Changes secrets on the server and on the page. What needs no value is shown at once, and taken back where
 * the server does not agree; a value is never kept for that, so saving one waits for the answer.
 */
export function useSecretChanges({ api, onSecretsChange, onValuesChanged }: Options) {
  /** Puts secrets in the place of those with the same key; null takes one away. */
  function put(changes: Record<string, SecretMetadata | null>): void {
    onSecretsChange((current) =>
      [
        ...current.filter((secret) => !(secret.key in changes)),
        ...Object.values(changes).filter((secret) => secret !== null),
      ].sort((a, b) => (a.key < b.key ? -1 : 1)),
    );
  }

  // The latest save of each key that is on its way. The next one is about the state that it leads to, and not
  // about the one that the page has shown meanwhile.
  const onTheirWay = useRef(new Map<string, Promise<SecretMetadata>>()).current;
  const outcomeOf = (key: string) => onTheirWay.get(key)?.catch(() => undefined);

  function saveInTurn(request: SaveRequest, previous = outcomeOf(request.key)): Promise<SecretMetadata> {
    const saving = (async () => {
      const current = await previous;
      return api.save(current ? { ...request, if_updated_at: current.updated_at } : request);
    })();
    onTheirWay.set(request.key, saving);
    return saving.finally(() => {
      if (onTheirWay.get(request.key) === saving) onTheirWay.delete(request.key);
    });
  }

  /** Rejects with an ApiError. */
  async function saveWithValue(request: SaveRequest): Promise<void> {
    const saved = await saveInTurn(request);
    put({ [saved.key]: saved });
    onValuesChanged([saved.key]);
    toast.success(`${saved.key} is saved.`);
  }

  /** @param onRefused is told why, and what the secret is, after the change was taken back */
  async function saveMetadata(
    before: SecretMetadata,
    request: SaveRequest,
    onRefused: (reason: ApiError, current: SecretMetadata) => void,
  ): Promise<void> {
    const { category, description } = request;
    const previous = outcomeOf(before.key);
    put({ [before.key]: { ...before, category, description } });
    const saving = saveInTurn(request, previous);
    try {
      const saved = await saving;
      if (!onTheirWay.has(before.key)) put({ [before.key]: saved });
    } catch (error) {
      const current = (await previous) ?? before;
      put({ [before.key]: current });
      onRefused(asApiError(error), current);
    }
  }

  /** Asks for the list anew; resolves to it, or rejects with an ApiError. */
  async function reload(): Promise<Secrets> {
    const secrets = await api.list();
    onSecretsChange(() => secrets);
    return secrets;
  }

  async function remove(secret: SecretMetadata): Promise<void> {
    put({ [secret.key]: null });
    try {
      await api.remove(secret.key);
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
    const stored = await api.importAll(rows);
    put(Object.fromEntries(stored.map((secret) => [secret.key, secret])));
    onValuesChanged(stored.map(({ key }) => key));
    toast.success(`${stored.length} ${stored.length === 1 ? "secret is" : "secrets are"} stored.`);
  }

  return { put, saveWithValue, saveMetadata, remove, importAll, reload };
}
