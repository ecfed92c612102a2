import { Activity, Eye, EyeOff, Pencil, ScrollText, Trash2, UserRound } from "lucide-react";
import type { MenuEntry } from "@/components/vault/ui/PopMenu";
import { isCheckable } from "@/lib/vault/check/checkable";
import type { SecretMetadata } from "@/lib/vault/types";
import type { RowAction } from "./SecretRow";

interface Rights {
  /** Whether the person may see and change values. */
  canManage: boolean;
  /** Whether they can add the key to their own vault, to use it instead. */
  canUseOwn: boolean;
}

/** What a row offers to this person: a menu, a check alone, or nothing. */
export function menuOf({ key }: SecretMetadata, { canManage, canUseOwn }: Rights): "all" | "check" | "none" {
  if (canManage || canUseOwn) return "all";
  return isCheckable(key) ? "check" : "none";
}

interface EntryOptions extends Rights {
  isShown: boolean;
  /** A page about what was done with it; undefined where there is none for this person. */
  activityHref: string | undefined;
  act: (action: RowAction, secret: SecretMetadata) => void;
}

/** What a row's menu offers, in its order. */
export function rowEntries(secret: SecretMetadata, options: EntryOptions): MenuEntry[] {
  const { canManage, canUseOwn, isShown, activityHref, act } = options;
  const does = (action: RowAction) => ({ onChoose: () => act(action, secret) });
  const entries: (MenuEntry | false)[] = [
    canManage &&
      secret.details?.use_only !== true &&
      (isShown
        ? { label: "Hide", icon: EyeOff, ...does("hide") }
        : { label: "Show", icon: Eye, ...does("show") }),
    isCheckable(secret.key) && { label: "Check", icon: Activity, ...does("check") },
    canManage && { label: "Edit", icon: Pencil, ...does("edit") },
    activityHref !== undefined && { label: "Activity", icon: ScrollText, href: activityHref },
    canUseOwn && { label: "Use my own instead", icon: UserRound, ...does("use-own") },
    canManage && { label: "Delete", icon: Trash2, isDestructive: true, ...does("delete") },
  ];
  return entries.filter((entry) => entry !== false);
}
