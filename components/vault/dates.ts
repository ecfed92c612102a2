import { EXPIRY_NOTICE_MS, type SecretMetadata } from "@/lib/vault/types";
import { describeAge } from "./ui/RelativeTime";

const DAY_MS = 86_400_000;
const STALE_AFTER_MS = 90 * DAY_MS;
const URGENT_MS = 3 * DAY_MS;
const UNITS = [
  ["day", DAY_MS],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;

/** How near the end of a value is. Nothing is said of one that is further away. */
export type ExpiryLevel = "soon" | "urgent" | "expired";

/**
 * Says when a value expires, from 14 days before.
 *
 * @param iso null where it never does, or nobody knows
 * @param now milliseconds since 1970
 * @example describeExpiry("2026-03-08T12:00:00Z", Date.parse("2026-03-05T12:00:00Z")) // urgent, "Expires in 3 days"
 */
export function describeExpiry(
  iso: string | null | undefined,
  now: number,
): { level: ExpiryLevel; words: string } | null {
  const left = iso ? Date.parse(iso) - now : Number.NaN;
  if (!(left <= EXPIRY_NOTICE_MS)) return null;
  if (left <= 0) return { level: "expired", words: `Expired ${describeAge(-left / 1000)}` };
  const [unit, length] = UNITS.find(([, length]) => left >= length) ?? ["minute", 60_000];
  const count = Math.max(1, Math.round(left / length));
  return {
    level: left <= URGENT_MS ? "urgent" : "soon",
    words: `Expires in ${count} ${unit}${count === 1 ? "" : "s"}`,
  };
}

/** Whether the value is over 90 days old. */
export const isOld = ({ last_rotated_at }: SecretMetadata, now: number): boolean =>
  now - Date.parse(last_rotated_at) > STALE_AFTER_MS;

/** Whether the value was not used for 90 days. Nobody knows that of a value from before uses were noted. */
export function isUnused({ last_rotated_at, details }: SecretMetadata, now: number): boolean {
  // Who entered a value is noted with it, or never.
  if (!details || (details.added_by === null && details.last_used_at === null)) return false;
  const last = Math.max(Date.parse(last_rotated_at), Date.parse(details.last_used_at ?? last_rotated_at));
  return now - last > STALE_AFTER_MS;
}

/** What is said, quietly, of a value that is old or that nothing uses; null for neither. */
export function describeStaleness(secret: SecretMetadata, now: number): string | null {
  const said = [
    isOld(secret, now) && "over 90 days old",
    isUnused(secret, now) && "not used in 90 days",
  ].filter((words) => words !== false);
  const text = said.join(", ");
  return text === "" ? null : text.charAt(0).toUpperCase() + text.slice(1);
}
