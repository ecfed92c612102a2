import { asApiError, isOutcomeUnknown } from "@/lib/vault/http/client";
import type { VaultApi } from "@/lib/vault/requests";
import type { SecretMetadata } from "@/lib/vault/types";

/** Asks what is there under a key; rejects with an ApiError. */
export async function look(api: VaultApi, key: string): Promise<SecretMetadata | null> {
  try {
    return await api.read(key);
  } catch (error) {
    if (asApiError(error).code === "secret_not_found") return null;
    throw error;
  }
}

/**
 * Sends a change. Where its answer is lost, what is there now tells whether it arrived.
 *
 * @param isDone whether this is what the change leads to
 * @throws ApiError
 */
export async function sendSurely<Left extends SecretMetadata | null>(
  api: VaultApi,
  key: string,
  send: () => Promise<Left>,
  isDone: (present: SecretMetadata | null) => present is Left,
): Promise<Left> {
  try {
    return await send();
  } catch (error) {
    if (!isOutcomeUnknown(asApiError(error))) throw error;
    const present = await look(api, key).catch(() => undefined);
    if (present === undefined || !isDone(present)) throw error;
    return present;
  }
}

/**
 * Deletes a secret in the state in which it was seen.
 *
 * @returns null, also where it was deleted in another window: what was wanted is so
 * @throws ApiError
 */
export async function deleteState(api: VaultApi, { key, updated_at }: SecretMetadata): Promise<null> {
  try {
    await api.remove(key, updated_at);
  } catch (error) {
    if (asApiError(error).code !== "secret_not_found") throw error;
  }
  return null;
}
