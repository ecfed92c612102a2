import { findCatalogEntry } from "@/lib/vault/catalog";
import type { Owner, SecretSource } from "@/lib/vault/types";

/** Where a key stands among those that a feature could use. */
export interface Standing {
  label: "In use" | "Not in use" | "Covers the team's" | "Covered by yours" | "Falls back to platform";
  /** The whole thought, on hover and for screen readers. */
  detail: string;
}

const NAMES: Record<SecretSource, string> = { user: "yours", team: "the team's", env: "the platform's" };

/**
 * Says whether features use a key, or which other one comes first.
 *
 * @param owner whose secret it is; null for a key that only the platform has
 * @param holders the layers that have this key and may use it, nearest first
 * @returns null for a key that no feature uses yet
 */
export function describeStanding(
  key: string,
  owner: Owner["type"] | null,
  holders: readonly SecretSource[],
): Standing | null {
  if (!findCatalogEntry(key)?.mayFallBackToEnv) return null;
  const [first, next] = holders;
  if (owner === null) {
    return {
      label: "Falls back to platform",
      detail: "Reveal uses the platform's key, and the platform pays. Add yours to use your own account.",
    };
  }
  if (!holders.includes(owner)) {
    return { label: "Not in use", detail: "The team's rule: everybody uses their own key." };
  }
  if (owner === "team" && first === "user") {
    return {
      label: "Covered by yours",
      detail: "Reveal uses your own key. The team's is for those without one.",
    };
  }
  if (owner === "user" && next === "team") {
    return { label: "Covers the team's", detail: "Reveal uses this key. Without it, the team's." };
  }
  return {
    label: "In use",
    detail: next ? `Reveal uses this key. Without it, ${NAMES[next]}.` : "Reveal uses this key.",
  };
}

/**
 * Says what deleting a key changes.
 *
 * @param holders the layers that have this key now and may use it, nearest first
 */
export function explainDeletion(key: string, owner: Owner["type"], holders: readonly SecretSource[]): string {
  if (!findCatalogEntry(key)?.mayFallBackToEnv) return "No feature of Command Center uses it.";
  if (!holders.includes(owner)) return "Reveal does not use it now, because of the team's rule.";
  const others = holders.filter((source) => source !== owner);
  if (owner === "team" && others[0] === "user") {
    return "Reveal goes on using your own key. Members without one lose this key.";
  }
  if (others[0] === "team") return "After this, Reveal will use the team's key.";
  if (others[0] === "env") return "After this, Reveal will use the platform's key, and the platform pays.";
  return "After this, Reveal will stop working until a key is added again.";
}
