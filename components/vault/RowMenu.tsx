"use client";

import { Activity, Eye, EyeOff, Pencil, ScrollText, Trash2, UserRound } from "lucide-react";
import { type MenuEntry, PopMenu } from "@/components/vault/ui/PopMenu";
import { isCheckable } from "@/lib/vault/check/checkable";
import type { SecretMetadata } from "@/lib/vault/types";
import type { RowAction, RowRights } from "./rowRights";

interface RowMenuProps {
  secret: SecretMetadata;
  rights: RowRights;
  /** Whether its value is on the screen. */
  isShown: boolean;
  /** A page about what was done with it; undefined where there is none for this person. */
  activityHref: string | undefined;
  /** The button that opened it. */
  button: HTMLElement;
  onAction: (action: RowAction, secret: SecretMetadata) => void;
  onClose: () => void;
}

/** The menu of a row that is open. */
export function RowMenu(props: RowMenuProps) {
  const { secret, rights, activityHref } = props;
  const does = (action: RowAction) => ({ onChoose: () => props.onAction(action, secret) });
  const entries: (MenuEntry | false)[] = [
    rights.canManage &&
      secret.details?.use_only !== true &&
      (props.isShown
        ? { label: "Hide", icon: EyeOff, ...does("hide") }
        : { label: "Show", icon: Eye, ...does("show") }),
    isCheckable(secret.key) && { label: "Check", icon: Activity, ...does("check") },
    rights.canManage && { label: "Edit", icon: Pencil, ...does("edit") },
    activityHref !== undefined && { label: "Activity", icon: ScrollText, href: activityHref },
    rights.canUseOwn && { label: "Use my own instead", icon: UserRound, ...does("use-own") },
    rights.canManage && { label: "Delete", icon: Trash2, isDestructive: true, ...does("delete") },
  ];
  return (
    <PopMenu
      button={props.button}
      label={`Actions for ${secret.key}`}
      entries={entries.filter((entry) => entry !== false)}
      onClose={props.onClose}
    />
  );
}
