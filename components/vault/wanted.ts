import type { KeyUse, Overlaps, Owner, SecretMetadata } from "@/lib/vault/types";
import {
  describeOverlap,
  describeStanding,
  explainDeletion,
  type Features,
  type Standing,
  usableLayers,
} from "./standing";

/**
 * What an app's features make of a vault's keys.
 *
 * @param features undefined where the app does not say what uses keys
 * @param owner whose vault it is
 * @param overlaps the keys that the person has a second time
 */
export function wantedKeys(
  features: Features | undefined,
  owner: Owner["type"],
  secrets: readonly SecretMetadata[],
  overlaps: Overlaps,
) {
  const isInVault = (key: string) => secrets.some((secret) => secret.key === key);
  const wanted = Object.entries(features ?? {}).map(([key, feature]) => ({
    key,
    feature: feature.name,
    usable: usableLayers(feature, owner, isInVault(key)),
  }));
  const wantedAs = (name: string) => wanted.find(({ key }) => key === name);
  return {
    wanted,
    /** Those that only the platform has. */
    platformOnly: wanted.filter(({ key, usable }) => usable.includes("env") && !isInVault(key)),
    standingOf(key: string): Standing | null {
      const use = wantedAs(key);
      const overlap = describeOverlap(owner, key, overlaps);
      if (!use) return overlap;
      const standing = describeStanding(use.feature, owner, use.usable);
      if (owner === "team" || !overlap) return standing;
      return { label: overlap.label, detail: `${standing.detail} ${overlap.detail}` };
    },
    /** What deleting a key changes, in one sentence; undefined where no feature asks for it. */
    consequenceOf(key: string): string | undefined {
      const use = wantedAs(key);
      return use && explainDeletion(use.feature, owner, use.usable);
    },
    /** How a secret's present value did, if that is known and the value was not replaced since. */
    lastUseOf({ key, last_rotated_at }: SecretMetadata): KeyUse | undefined {
      const use = features?.[key]?.lastUse;
      return use && Date.parse(use.at) > Date.parse(last_rotated_at) ? use : undefined;
    },
  };
}
