import type { Exposure } from "@/lib/activity/exposures";
import type { SecretMetadata } from "@/lib/vault/types";

/**
 * Says why a secret should be replaced: who knows its present value and is no longer in the team.
 *
 * @param exposures as they were when the page was loaded: those of a value that was replaced since do not count
 * @returns undefined if there is nobody
 */
export function whyRotate(
  { key, last_rotated_at }: SecretMetadata,
  exposures: readonly Exposure[],
): string | undefined {
  const names = exposures
    .filter((seen) => seen.key === key && seen.rotated_at === last_rotated_at)
    .map(({ email }) => email ?? "a deleted account");
  if (names.length === 0) return undefined;
  return `Seen by ${names.join(", ").replace(/, ([^,]*)$/, " and $1")}, no longer in the team.`;
}
