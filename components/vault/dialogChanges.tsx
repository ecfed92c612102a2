"use client";

import { toast } from "@/components/vault/toast";
import type { ImportRequest, SaveRequest } from "@/lib/vault/requests";
import type { SecretMetadata } from "@/lib/vault/types";
import { ChangeSince } from "./ChangeSince";
import { dayOf } from "./expiry";
import { neighbourOf } from "./neighbour";
import type { SecretChanges } from "./useSecretChanges";
import type { useVaultDialogs } from "./useVaultDialogs";

const READ_AND_DECIDE_MS = 30_000;

/**
 * What is done when a dialog is confirmed: save, delete, import. What needs no value closes it at once; where the server
 * refuses, the person decides again.
 *
 * @param onStored is given the categories of what was stored, so that it is seen
 */
export function dialogChanges(
  { open, close, set, latest, opener }: ReturnType<typeof useVaultDialogs>,
  changes: SecretChanges,
  onStored: (categories: readonly string[]) => void,
) {
  /** Resolves once it is saved or on its way; rejects with an ApiError. */
  async function save(request: SaveRequest, editing: SecretMetadata | null): Promise<void> {
    if (!editing || request.value !== undefined) {
      await changes.saveWithValue(request);
      close();
      onStored([request.category]);
      return;
    }
    close();
    onStored([request.category]);
    const { category, description, use_only, expires_at } = request;
    void changes.saveMetadata(editing, request, (failure, current) => {
      const draft = {
        ...{ key: editing.key, category, description },
        ...(use_only !== undefined && { useOnly: use_only }),
        ...(expires_at !== undefined && { expiresOn: dayOf(expires_at) }),
      };
      const reopen = () => set({ kind: "edit", secret: current, replaceValue: false, draft, failure });
      if (!latest.current) return reopen();
      toast.error(`Couldn't change ${editing.key}. ${failure.message}`, {
        action: { label: "Edit again", onClick: reopen },
      });
    });
  }

  function remove(secret: SecretMetadata) {
    const current = latest.current;
    if (current?.kind === "delete" && current.secret.key === secret.key) {
      // Focus goes to the neighbour, so that one keeps one's place in a long list.
      opener.current = neighbourOf(
        "#vault [data-action='menu']",
        ({ dataset: { key } }) => key === secret.key,
      );
      close();
    }
    void changes.remove(secret, (present, seen) => {
      if (!latest.current) return open({ kind: "delete", secret: present, seen });
      toast.error(`Couldn't delete ${secret.key}`, {
        description: <ChangeSince seen={seen} present={present} />,
        action: { label: "Delete it anyway", onClick: () => remove(present) },
        duration: READ_AND_DECIDE_MS,
      });
    });
  }

  /** Rejects with an ApiError, and then nothing is stored. */
  async function importAll(rows: ImportRequest[], useOnly: boolean) {
    await changes.importAll(rows, useOnly);
    close();
    onStored(rows.map(({ category }) => category));
  }

  return { save, remove, importAll };
}
