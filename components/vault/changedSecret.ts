import type { SaveRequest } from "@/lib/vault/requests";
import { isSameTime } from "@/lib/vault/same-time";
import type { SecretDetails, SecretMetadata } from "@/lib/vault/types";

const NO_DETAILS: SecretDetails = {
  hint: null,
  use_only: false,
  expires_at: null,
  added_by: null,
  last_used_at: null,
  checked_at: null,
  check_result: null,
  check_facts: null,
};

/** What a change without a value makes of a secret, as the page shows it before the server has answered. */
export function changedSecret(
  before: SecretMetadata,
  { category, description, use_only, expires_at }: SaveRequest,
): SecretMetadata {
  const isDetailed = use_only !== undefined || expires_at !== undefined;
  const details = isDetailed
    ? {
        ...(before.details ?? NO_DETAILS),
        ...(use_only !== undefined && { use_only }),
        ...(expires_at !== undefined && { expires_at }),
      }
    : before.details;
  return { ...before, category, description, details };
}

/** Whether a secret is what a change without a value has made of it. */
export const isChanged = (
  present: SecretMetadata | null,
  before: SecretMetadata,
  { category, description, use_only, expires_at }: SaveRequest,
): present is SecretMetadata =>
  present?.last_rotated_at === before.last_rotated_at &&
  present.category === category &&
  present.description === description &&
  (use_only === undefined || present.details?.use_only === use_only) &&
  (expires_at === undefined || isSameTime(expires_at, present.details?.expires_at ?? null));
