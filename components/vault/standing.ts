import type { KeyUse, Owner, SecretSource } from "@/lib/vault/types";

const NEAREST_FIRST: readonly SecretSource[] = ["user", "team", "env"];
const NAMES: Record<SecretSource, string> = { user: "yours", team: "the team's", env: "the platform's" };

/** A feature of the app that asks the vault for a key. */
export interface Feature {
  /** As a sentence begins with it. */
  name: string;
  /** The layers that hold its key, see `explainResolution`. Whether this vault is one of them, its rows tell. */
  holders: readonly SecretSource[];
  /** The layers whose keys it may use; all of them if left out. */
  allowed?: readonly SecretSource[];
  /** How the key of this vault did when it was last really used. */
  lastUse?: KeyUse | null;
}

/** The features of an app, by the key that they ask for. */
export type Features = Readonly<Record<string, Feature>>;

/**
 * The layers that hold a feature's key and may be used, nearest first.
 *
 * @param owner whose vault it is, and whether the key is in it now
 */
export function usableLayers(
  { holders, allowed = NEAREST_FIRST }: Pick<Feature, "holders" | "allowed">,
  owner: Owner["type"],
  isInVault: boolean,
): SecretSource[] {
  return NEAREST_FIRST.filter(
    (source) => allowed.includes(source) && (source === owner ? isInVault : holders.includes(source)),
  );
}

/** Where a key stands among those that a feature could use. */
export interface Standing {
  label: "In use" | "Not in use" | "Covers the team's" | "Covered by yours" | "Falls back to platform";
  /** The whole thought, on hover and for screen readers. */
  detail: string;
}

/**
 * Says whether a feature uses a key, or which other one comes first.
 *
 * @param feature its name
 * @param owner whose secret it is; null for a key that only the platform has
 * @param usable see {@link usableLayers}
 */
export function describeStanding(
  feature: string,
  owner: Owner["type"] | null,
  usable: readonly SecretSource[],
): Standing {
  const [first, next] = usable;
  if (owner === null) {
    return {
      label: "Falls back to platform",
      detail: `${feature} uses the platform's key, and the platform pays. Add yours to use your own account.`,
    };
  }
  if (!usable.includes(owner)) {
    return { label: "Not in use", detail: "The team's rule: everybody uses their own key." };
  }
  if (owner === "team" && first === "user") {
    return {
      label: "Covered by yours",
      detail: `${feature} uses your own key. The team's is for those without one.`,
    };
  }
  if (owner === "user" && next === "team") {
    return { label: "Covers the team's", detail: `${feature} uses this key. Without it, the team's.` };
  }
  return {
    label: "In use",
    detail: next ? `${feature} uses this key. Without it, ${NAMES[next]}.` : `${feature} uses this key.`,
  };
}

/**
 * Says what deleting a feature's key changes.
 *
 * @param feature its name
 * @param usable the layers that could be used until now
 */
export function explainDeletion(
  feature: string,
  owner: Owner["type"],
  usable: readonly SecretSource[],
): string {
  if (!usable.includes(owner)) return `${feature} does not use it now, because of the team's rule.`;
  const others = usable.filter((source) => source !== owner);
  if (owner === "team" && others[0] === "user") {
    return `${feature} goes on using your own key. Members without one lose this key.`;
  }
  if (others[0] === "team") return `After this, ${feature} will use the team's key.`;
  if (others[0] === "env") {
    return `After this, ${feature} will use the platform's key, and the platform pays.`;
  }
  return `After this, ${feature} will stop working until a key is added again.`;
}
