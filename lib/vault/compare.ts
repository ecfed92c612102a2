import "server-only";
import { createHash, timingSafeEqual } from "node:crypto";
import { isSameTime } from "./same-time";
import { open } from "./seal";
import type { Owner, SecretDeed, SecretMetadata } from "./types";

/**
 * Says what storing a value over a ciphertext is. Never rejects: a ciphertext that cannot be opened, because `decrypt` is
 * out of reach, it is damaged or it was sealed for another row, keeps nobody from storing a new one.
 *
 * @returns "resaved" only where the ciphertext holds exactly this value
 */
export async function compareValue(
  owner: Owner,
  key: string,
  value: string,
  ciphertext: string,
): Promise<Extract<SecretDeed, "resaved" | "replaced" | "replaced_unread">> {
  const stored = await open(owner, key, ciphertext).catch(() => null);
  if (stored === null) return "replaced_unread";
  return isSameText(stored, value) ? "resaved" : "replaced";
}

/** What can be changed about a secret without a new value. */
interface Changes {
  category?: SecretMetadata["category"] | undefined;
  description?: string | undefined;
  use_only?: boolean | undefined;
  expires_at?: string | null | undefined;
}

/** Whether a secret has all of this metadata already. A use-only one stays so as long as it has this value. */
export const hasMetadata = (secret: SecretMetadata, changes: Changes): boolean =>
  (changes.category ?? secret.category) === secret.category &&
  (changes.description ?? secret.description) === secret.description &&
  (!changes.use_only || secret.details?.use_only === true) &&
  (changes.expires_at === undefined || isSameTime(changes.expires_at, secret.details?.expires_at ?? null));

/**
 * Compares the UTF-8 of two texts in a time that does not depend on where they differ. `timingSafeEqual` takes bytes of
 * equal length only, so it gets digests: the length of a stored value does not show either.
 */
export function isSameText(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

const digest = (text: string) => createHash("sha256").update(text, "utf8").digest();
