import { isCheckable } from "@/lib/vault/check/checkable";
import type { SecretMetadata } from "@/lib/vault/types";

/** What a row asks the panel to do. */
export type RowAction =
  | "show"
  | "hide"
  | "copy"
  | "check"
  | "edit"
  | "enter-again"
  | "delete"
  | "use-own"
  | "select";

/** What a person may do with a row. */
export interface RowRights {
  /** Whether they may see and change its value. */
  canManage: boolean;
  /** Whether they can add the key to their own vault, to use that instead. */
  canUseOwn: boolean;
}

/** What a row offers to a person: a menu, a check alone, or nothing. */
export function menuOf(
  { key }: SecretMetadata,
  { canManage, canUseOwn }: RowRights,
): "all" | "check" | "none" {
  if (canManage || canUseOwn) return "all";
  return isCheckable(key) ? "check" : "none";
}
