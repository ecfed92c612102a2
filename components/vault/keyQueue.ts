import type { SecretMetadata } from "@/lib/vault/types";

/** What a change has left under a key: the secret, null for none, undefined where that is not known. */
export type Outcome = SecretMetadata | null | undefined;

/**
 * Lets changes of one key follow each other: the next one is sent when the one before it has its answer, and is about
 * the state which that led to, and not about the one that the page has shown meanwhile.
 */
export function keyQueue() {
  // The latest change of each key that is on its way. Never rejects.
  const latest = new Map<string, Promise<Outcome>>();

  return {
    /** Whether a change of this key is on its way; without one, whether any change is. */
    isBusy: (key?: string) => (key === undefined ? latest.size > 0 : latest.has(key)),

    /**
     * Sends a change, of several keys if they change together.
     *
     * @param send is given what the changes before it have left, in the order of the keys
     * @param outcomeOf says what this one has left under a key
     * @returns what `send` resolves to; rejects as it does, and then the outcome is not known
     */
    run<Result>(
      keys: readonly string[],
      send: (previous: Outcome[]) => Promise<Result>,
      outcomeOf: (result: Result, key: string) => Outcome,
    ): Promise<Result> {
      const sending = Promise.all(keys.map((key) => latest.get(key))).then(send);
      const outcomes = new Map<string, Promise<Outcome>>();
      for (const key of keys) {
        const outcome = sending.then(
          (result) => outcomeOf(result, key),
          () => undefined,
        );
        outcomes.set(key, outcome);
        latest.set(key, outcome);
      }
      return sending.finally(() => {
        for (const [key, outcome] of outcomes) if (latest.get(key) === outcome) latest.delete(key);
      });
    },
  };
}
