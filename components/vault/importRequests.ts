import type { EnvRow } from "@/lib/vault/env-import";
import type { ImportRequest } from "@/lib/vault/requests";
import { MAX_ENV_FILE_BYTES, MAX_SECRETS, type SecretMetadata } from "@/lib/vault/types";

/**
 * What is sent for the rows that were chosen.
 *
 * @param described the keys whose comment becomes their description
 * @param existing the owner's secrets, by their keys
 */
export const toImportRequests = (
  rows: readonly EnvRow[],
  described: ReadonlySet<string>,
  existing: ReadonlyMap<string, SecretMetadata>,
): ImportRequest[] =>
  rows.map(({ key, value, category, comment }) => {
    const present = existing.get(key);
    return {
      key,
      value,
      // What somebody has written about an existing secret is worth more than a guess.
      category: present?.category ?? category,
      description: (described.has(key) && comment) || present?.description || "",
      if_updated_at: present?.updated_at ?? null,
    };
  });

/** The limit that an import would meet, in one sentence. */
export function findLimit(requests: readonly ImportRequest[], present: number): string | undefined {
  const total = present + requests.filter(({ if_updated_at }) => if_updated_at === null).length;
  if (total > MAX_SECRETS) {
    return `A vault holds ${MAX_SECRETS} secrets, and with these it would hold ${total}. Skip at least ${total - MAX_SECRETS}.`;
  }
  const size = new TextEncoder().encode(JSON.stringify(requests)).length;
  // Room for what is around the list.
  if (size + 100 <= MAX_ENV_FILE_BYTES) return undefined;
  return `As they are sent, these rows are ${Math.ceil(size / 1024)} KiB, and an import takes 256 KiB. Skip some, and import them afterwards.`;
}
