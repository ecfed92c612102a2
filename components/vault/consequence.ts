import { findCatalogEntry } from "@/lib/vault/catalog";

/**
 * Says what deleting one of the person's own keys changes.
 *
 * @param platformKeys the keys that the platform has a value of its own for
 */
export function explainDeletion(key: string, platformKeys: readonly string[]): string {
  if (!findCatalogEntry(key)?.mayFallBackToEnv) return "Nothing else takes its place.";
  return platformKeys.includes(key)
    ? "After this, Reveal will use the platform's key."
    : "After this, Reveal will stop working until a key is added again.";
}
