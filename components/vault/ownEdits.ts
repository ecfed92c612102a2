import type { SecretMetadata } from "@/lib/vault/types";

/**
 * What edits of one's own have led to, by the state that each was about: a dialog that was opened while the edit was on
 * its way shows it already.
 */
export function ownEdits() {
  const edits = new Map<string, SecretMetadata>();
  return {
    /** @param state the `updated_at` that the edit was about */
    note(state: string | null, saved: SecretMetadata): void {
      if (saved.updated_at !== state) edits.set(`${saved.key} ${state}`, saved);
    },

    /**
     * What the edits have made of a secret since.
     *
     * @param state its `updated_at` as the page showed it
     * @returns undefined if there was none
     */
    since(key: string, state: string | null): SecretMetadata | undefined {
      let last: SecretMetadata | undefined;
      for (let next = edits.get(`${key} ${state}`); next; next = edits.get(`${key} ${next.updated_at}`)) {
        last = next;
      }
      return last;
    },
  };
}
