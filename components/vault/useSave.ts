"use client";

import { useState } from "react";
import { ApiError } from "@/lib/vault/http/client";
import type { SaveRequest } from "@/lib/vault/requests";
import type { SecretMetadata } from "@/lib/vault/types";
import { asFailure, type Failure } from "./SaveFailure";
import { toSaveRequest } from "./saveRequest";
import type { SecretFields } from "./useSecretFields";

interface Options {
  /** The secret that is edited; null for one that is added. */
  secret: SecretMetadata | null;
  /** Why a save that was already on the screen had to be taken back. */
  failure: ApiError | undefined;
  /** Resolves once it is saved or on its way; rejects with an ApiError. */
  onSave: (request: SaveRequest) => Promise<void>;
  /** Asks for the metadata of a secret as it is now; rejects with an ApiError. */
  onRead: (key: string) => Promise<SecretMetadata>;
  /** Tells that there is a secret which the list does not have yet. */
  onDiscovered: (secret: SecretMetadata) => void;
}

/** A save that may fail: whether it is under way, and why it failed. */
export function useSave({ secret, failure: refusal, onSave, onRead, onDiscovered }: Options) {
  const [failure, setFailure] = useState<Failure | null>(refusal ? asFailure(refusal) : null);
  const [saving, setSaving] = useState(false);

  /**
   * @param value the new one; undefined where it stays
   * @param state the `updated_at` that the save applies to; null where there is to be nothing yet
   * @param anyway whether a doubt about the value is set aside
   */
  async function save(
    fields: SecretFields,
    { value, state, anyway }: { value: string | undefined; state: string | null; anyway: boolean },
  ): Promise<void> {
    const judged = toSaveRequest(fields, { secret, value, anyway });
    if ("failure" in judged) return setFailure(judged.failure);
    setSaving(true);
    setFailure(null);
    try {
      await onSave({ ...judged.request, if_updated_at: state });
    } catch (error) {
      setFailure(await explain(error, fields.key));
      setSaving(false);
    }
  }

  /** A new secret that exists after all becomes one that is replaced, which the person decides. */
  async function explain(error: unknown, key: string): Promise<Failure> {
    if (secret || !(error instanceof ApiError && error.code === "secret_changed")) return asFailure(error);
    try {
      onDiscovered(await onRead(key));
      return { message: `${key} was added or changed elsewhere. Save again to replace its value.` };
    } catch (failure) {
      return asFailure(failure);
    }
  }

  /** Whether somebody else has changed or deleted the secret that is edited. */
  const isConflict =
    secret !== null && (failure?.code === "secret_changed" || failure?.code === "secret_not_found");
  return { failure, setFailure, saving, isConflict, save };
}
