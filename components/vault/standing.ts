import type { KeyUse, Overlaps, Owner, SecretSource } from "@/lib/vault/types";

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

/** Which of several keys of one name is used. */
export interface Standing {
  label:
    | "In use"
    | "Not in use"
    | "Overrides the team key"
    | "Overridden by yours"
    | "Falls back to platform";
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
    return { label: "Not in use", detail: "In this team, runs use personal keys only." };
  }
  if (owner === "team" && first === "user") {
    return {
      label: "Overridden by yours",
      detail: `${feature} uses your own key. Members without one use the team's.`,
    };
  }
  if (owner === "user" && next === "team") {
    return { label: "Overrides the team key", detail: `${feature} uses this key. Without it, the team's.` };
  }
  return {
    label: "In use",
    detail: next ? `${feature} uses this key. Without it, ${NAMES[next]}.` : `${feature} uses this key.`,
  };
}

/**
 * Says which key of one name is used where a person has two.
 *
 * @param owner whose vault is looked at
 * @returns null where the person has that key only here
 */
export function describeOverlap(owner: Owner["type"], key: string, overlaps: Overlaps): Standing | null {
  const teams = overlaps[key];
  if (!teams) return null;
  if (owner === "team") {
    return { label: "Overridden by yours", detail: "Your own key is used for you, before the team's." };
  }
  const where = teams.length > 3 ? `${teams.length} teams` : teams.join(" and ");
  return {
    label: "Overrides the team key",
    detail: `In ${where}, this key is used for you, before the team's.`,
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
  if (!usable.includes(owner)) return `${feature} doesn't use it: in this team, runs use personal keys only.`;
  const others = usable.filter((source) => source !== owner);
  if (owner === "team" && others[0] === "user") {
    return `${feature} keeps using your own key. Members without one lose this key.`;
  }
  if (others[0] === "team") return `${feature} will use the team's key.`;
  if (others[0] === "env") {
    return `${feature} will use the platform's key, and the platform pays.`;
  }
  return `${feature} will stop working until you add a key again.`;
}
