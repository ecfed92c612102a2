"use client";

import { useCallback, useState } from "react";
import { toast } from "@/components/vault/toast";
import { useLatest } from "@/components/vault/ui/useLatest";
import { type ApiError, asApiError, isOutcomeUnknown } from "@/lib/vault/http/client";
import type { ImportRequest, SaveRequest, VaultApi } from "@/lib/vault/requests";
import type { SecretMetadata } from "@/lib/vault/types";
import { changedSecret, isChanged } from "./changedSecret";
import { keyQueue, type Outcome } from "./keyQueue";
import { ownEdits } from "./ownEdits";
import { deleteState, look, sendSurely } from "./sendSurely";
import { toastFailure } from "./toastFailure";
import { useComeBack } from "./useComeBack";
import { useRecheck } from "./useRecheck";

type Secrets = readonly SecretMetadata[];

interface Options {
  api: VaultApi;
  /** As the page shows them. */
  secrets: Secrets;
  onSecretsChange: (change: (secrets: Secrets) => Secrets) => void;
  /** The values of these keys are new or gone. */
  onValuesChanged: (keys: readonly string[]) => void;
}

/** What came of a deletion. It is overtaken where somebody adds the key again meanwhile. */
export type Removal =
  | { result: "deleted" | "overtaken" }
  | { result: "changed"; present: SecretMetadata; seen: SecretMetadata }
  | { result: "failed"; error: ApiError };

export type SecretChanges = ReturnType<typeof useSecretChanges>;

/**
 * Changes secrets on the server and on the page. What needs no value is shown at once, and taken back where
 * the server does not agree; a value is never kept for that, so saving one waits for the answer. What others change is
 * shown whenever the window is come back to.
 */
export function useSecretChanges({ api, secrets, onSecretsChange, onValuesChanged }: Options) {
  const [queue] = useState(keyQueue);
  const [deleting] = useState(() => new Set<string>());
  const [edits] = useState(ownEdits);
  const showLater = useRecheck(async (key) => {
    if (queue.isBusy(key)) return false;
    return showPresent(key).then(
      (present) => present !== undefined,
      (error) => !isOutcomeUnknown(asApiError(error)),
    );
  });

  const latest = useLatest({ secrets, onValuesChanged });
  useComeBack(
    useCallback(async () => {
      const before = latest.current.secrets;
      if (queue.isBusy()) return;
      // Whatever a failure is, the next thing that the person does will say it.
      const present = await api.list().catch(() => before);
      // What was changed here meanwhile is newer than the answer.
      if (queue.isBusy() || latest.current.secrets !== before) return;
      if (JSON.stringify(present) === JSON.stringify(before)) return;
      onSecretsChange(() => present);
      latest.current.onValuesChanged(
        before.filter((secret) => !holds(present, secret)).map(({ key }) => key),
      );
    }, [api, queue, onSecretsChange, latest]),
  );

  /** Puts secrets in the place of those with the same key; null takes one away. */
  function put(changes: Record<string, SecretMetadata | null>): void {
    onSecretsChange((current) =>
      [
        ...current.filter((secret) => !(secret.key in changes)),
        ...Object.values(changes).filter((secret) => secret !== null),
      ].sort((a, b) => (a.key < b.key ? -1 : 1)),
    );
  }

  /**
   * The state that a change is about: what the change before it has left, where that is known, or what edits of one's
   * own have made of the state that the page showed.
   *
   * @returns undefined where it is the state that the page showed
   */
  function newest(key: string, previous: Outcome, shown: string | null): Outcome {
    return previous !== undefined ? previous : edits.since(key, shown);
  }

  function after<Request extends SaveRequest | ImportRequest>(previous: Outcome, request: Request): Request {
    const state = newest(request.key, previous, request.if_updated_at);
    return state === undefined ? request : { ...request, if_updated_at: state?.updated_at ?? null };
  }

  /**
   * Shows what is there under a key, unless a later change of it is on its way. What nobody has decided on is no state
   * for the next change to be about.
   *
   * @returns undefined if a later change is
   */
  async function showPresent(key: string): Promise<Outcome> {
    const present = await queue.run(
      [key],
      () => look(api, key),
      () => undefined,
    );
    if (queue.isBusy(key)) return undefined;
    put({ [key]: present });
    return present;
  }

  /** Takes back what a change has shown that was refused or lost. Resolves to what is there, if that can be learned. */
  async function takeBack(before: SecretMetadata): Promise<Outcome> {
    const { key } = before;
    try {
      const present = queue.isBusy(key) ? undefined : await showPresent(key);
      // A later change that fails as well would leave the page with what it has shown.
      if (present === undefined) showLater(key);
      return present;
    } catch (error) {
      put({ [key]: before });
      if (isOutcomeUnknown(asApiError(error))) showLater(key);
      return undefined;
    }
  }

  /** Whether a secret was stored with the value that it had already. */
  const isSameValue = (secret: SecretMetadata) => holds(secrets, secret);

  /** Rejects with an ApiError. */
  async function saveWithValue(request: SaveRequest): Promise<void> {
    const { key } = request;
    const wasThere = secrets.some((secret) => secret.key === key);
    let saved: SecretMetadata;
    try {
      saved = await queue.run(
        [key],
        ([previous]) => api.save(after(previous, request)),
        (saved) => saved,
      );
      put({ [key]: saved });
    } catch (error) {
      if (isOutcomeUnknown(asApiError(error))) showLater(key);
      throw error;
    }
    if (isSameValue(saved)) {
      return void toast.success(`${key} saved`, {
        description: "It already had this value, so nothing was rotated.",
      });
    }
    onValuesChanged([key]);
    toast.success(`${key} ${wasThere ? "saved" : "added"}`);
  }

  /** @param onRefused is given the reason, and the secret, after the change was taken back */
  async function saveMetadata(
    before: SecretMetadata,
    request: SaveRequest,
    onRefused: (reason: ApiError, current: SecretMetadata) => void,
  ): Promise<void> {
    const { key } = before;
    let stored = before;
    put({ [key]: changedSecret(before, request) });
    try {
      const saved = await queue.run(
        [key],
        async ([previous]) => {
          stored = previous ?? before;
          const sent = after(previous, request);
          const saved = await sendSurely(
            api,
            key,
            () => api.save(sent),
            (present): present is SecretMetadata => isChanged(present, stored, request),
          );
          edits.note(sent.if_updated_at, saved);
          return saved;
        },
        (saved) => saved,
      );
      if (!queue.isBusy(key)) put({ [key]: saved });
    } catch (error) {
      await takeBack(stored);
      // Somebody who has deleted it since wants to know of that alone.
      if (!deleting.has(key)) onRefused(asApiError(error), stored);
    }
  }

  /** Asks for the list again; resolves to it, or rejects with an ApiError. */
  async function reload(): Promise<Secrets> {
    const secrets = await api.list();
    onSecretsChange(() => secrets);
    return secrets;
  }

  /**
   * Deletes a secret in the state in which the page shows it, or in the one that a change on its way leads to. Says
   * nothing, and never rejects.
   */
  async function removeSilently(secret: SecretMetadata): Promise<Removal> {
    const { key } = secret;
    let seen = secret;
    put({ [key]: null });
    deleting.add(key);
    try {
      await queue.run(
        [key],
        async ([previous]) => {
          const state = newest(key, previous, secret.updated_at);
          if (state === null) return null;
          seen = state ?? secret;
          return sendSurely(
            api,
            key,
            () => deleteState(api, seen),
            (present) => present === null,
          );
        },
        (left) => left,
      );
    } catch (failure) {
      const error = asApiError(failure);
      // The person who adds it again meanwhile gets an answer there.
      const isAddedAgain = queue.isBusy(key);
      const present = await takeBack(seen);
      if (isAddedAgain) return { result: "overtaken" };
      if (present && error.code === "secret_changed") return { result: "changed", present, seen };
      if (present !== null) return { result: "failed", error };
    } finally {
      deleting.delete(key);
    }
    // The list may have been loaded again meanwhile.
    if (!queue.isBusy(key)) put({ [key]: null });
    onValuesChanged([key]);
    return { result: "deleted" };
  }

  /**
   * Deletes a secret, and says so.
   *
   * @param onChanged is given the secret where it is in another state, and so was not deleted
   */
  async function remove(
    secret: SecretMetadata,
    onChanged: (theirs: SecretMetadata, seen: SecretMetadata) => void,
  ): Promise<void> {
    const removal = await removeSilently(secret);
    if (removal.result === "changed") onChanged(removal.present, removal.seen);
    else if (removal.result === "deleted") toast.success(`${secret.key} deleted`);
    else if (removal.result === "failed") {
      if (removal.error.code === "unauthenticated") toastFailure(removal.error);
      else toast.error(`Couldn't delete ${secret.key}. ${removal.error.message}`);
    }
  }

  /** Rejects with an ApiError, and then nothing is stored. */
  async function importAll(rows: ImportRequest[], useOnly: boolean): Promise<void> {
    const stored = await queue.run(
      rows.map(({ key }) => key),
      (previous) =>
        api.importAll(
          rows.map((row, index) => after(previous[index], row)),
          useOnly || undefined,
        ),
      (secrets, key) => secrets.find((secret) => secret.key === key),
    );
    put(Object.fromEntries(stored.map((secret) => [secret.key, secret])));
    const renewed = stored.filter((secret) => !isSameValue(secret));
    const same = stored.length - renewed.length;
    onValuesChanged(renewed.map(({ key }) => key));
    toast.success(`${stored.length} ${stored.length === 1 ? "secret" : "secrets"} imported`, {
      description:
        same > 0 &&
        (same === 1
          ? "1 already had the same value and wasn't rotated."
          : `${same} already had the same values and weren't rotated.`),
    });
  }

  return { put, saveWithValue, saveMetadata, remove, removeSilently, importAll, reload };
}

/** Whether a secret is in a list with this value, which it is since its last rotation. */
const holds = (secrets: Secrets, { id, last_rotated_at }: SecretMetadata): boolean =>
  secrets.some((other) => other.id === id && other.last_rotated_at === last_rotated_at);
