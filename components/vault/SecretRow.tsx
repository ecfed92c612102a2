"use client";

import { Activity, Copy, Eye, EyeOff, type LucideIcon, Pencil, Trash2, TriangleAlert } from "lucide-react";
import { memo } from "react";
import { ActionButton } from "@/components/vault/ui/ActionButton";
import { Badge } from "@/components/vault/ui/badge";
import { Button } from "@/components/vault/ui/button";
import { cn } from "@/components/vault/ui/cn";
import { RelativeTime } from "@/components/vault/ui/RelativeTime";
import { useClock } from "@/components/vault/ui/useClock";
import { findCatalogEntry, providerOf } from "@/lib/vault/catalog";
import { isCheckable } from "@/lib/vault/check/checkable";
import type { CheckReply } from "@/lib/vault/requests";
import { type KeyUse, MASK, type SecretMetadata } from "@/lib/vault/types";
import type { Standing } from "./standing";

export type RowAction = "show" | "hide" | "copy" | "check" | "edit" | "enter-again" | "delete";

interface SecretRowProps {
  secret: SecretMetadata;
  standing: Standing | null;
  /** The value while it is shown. */
  value: string | undefined;
  /** The actions that are under way, as words. */
  busy: string;
  /** What the provider said last, on this page. */
  check: CheckReply | undefined;
  /** The value is there and cannot be decrypted. */
  unreadable: boolean;
  /** How its present value did when it was last really used; undefined if that is not known. */
  use: KeyUse | undefined;
  /** Why it should be replaced; undefined for no reason. */
  rotateReason: string | undefined;
  /** Whether the person may see and change the value. */
  canManage: boolean;
  /** A page about what was done with it; undefined where there is none for this person. */
  activityHref: string | undefined;
  onAction: (action: RowAction, secret: SecretMetadata) => void;
}

const OLD_AFTER_MS = 90 * 86_400_000;
const CHECK_WORDS: Record<CheckReply["result"], string> = {
  works: "Works",
  refused: "Refused",
  no_credit: "Out of credit",
  unreachable: "Not known",
};

/** One secret: what it is, where it stands, when its value last changed, and the value, hidden or shown. */
export const SecretRow = memo(function SecretRow(props: SecretRowProps) {
  const {
    secret,
    standing,
    value,
    busy,
    check,
    unreadable,
    use,
    rotateReason,
    canManage,
    activityHref,
    onAction,
  } = props;
  const { key } = secret;
  const isOld = useClock((now) => now - Date.parse(secret.last_rotated_at) > OLD_AFTER_MS);
  const isFailing = use !== undefined && use.result !== "worked";
  const shown = value !== undefined;
  const button = (action: RowAction, Icon: LucideIcon, title: string, label: string) => (
    <ActionButton
      icon={Icon}
      title={title}
      label={label}
      busy={busy.includes(action)}
      onClick={() => onAction(action, secret)}
      data-action={action}
      data-key={key}
    />
  );
  return (
    <li
      className={cn(
        "@container flex [contain-intrinsic-size:auto_8rem] [content-visibility:auto] gap-2 rounded-lg border bg-background/60 p-3",
        canManage ? "flex-col" : "flex-wrap items-center justify-between [&>p]:basis-full",
      )}
    >
      <div>
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <p className="font-mono text-sm font-medium [overflow-wrap:anywhere]">{key}</p>
          {standing && <StandingBadge standing={standing} isFailing={isFailing} />}
        </div>
        {secret.description && (
          <p className="text-sm text-muted-foreground [overflow-wrap:anywhere]">{secret.description}</p>
        )}
        <p className="text-sm text-muted-foreground">
          Rotated <RelativeTime iso={secret.last_rotated_at} />
          {isOld && " · a good time for a new one"}
          {use && (
            <>
              {" · "}
              <span className={isFailing ? "font-medium text-destructive-text" : undefined}>
                {describeUse(key, use)} <RelativeTime iso={use.at} />
              </span>
            </>
          )}
          {activityHref && (
            <>
              {" · "}
              <a href={activityHref} className="underline underline-offset-4 hover:text-foreground">
                Activity<span className="sr-only"> of {key}</span>
              </a>
            </>
          )}
        </p>
      </div>
      <div className="flex flex-wrap items-center justify-end gap-1 @md:flex-nowrap">
        {canManage && (
          <>
            {/* Of the same size hidden and shown, so that nothing moves; a longer value is scrolled. */}
            {/* biome-ignore lint/a11y/useSemanticElements: a fieldset groups form controls, and this holds text */}
            <div
              className="h-9 min-w-0 flex-none basis-full overflow-auto rounded-md bg-muted px-3 pt-2 [scrollbar-width:thin] font-mono text-xs leading-5 whitespace-pre focus-visible:outline-hidden focus-visible:ring-[3px] focus-visible:ring-ring/60 @md:flex-1 @md:basis-0"
              tabIndex={shown ? 0 : undefined}
              role="group"
              aria-label={`The value of ${key}`}
            >
              {shown ? value : <span aria-hidden>{MASK}</span>}
              {!shown && <span className="sr-only">Hidden</span>}
            </div>
            {shown
              ? button("hide", EyeOff, "Hide", `Hide the value of ${key}`)
              : button("show", Eye, "Show", `Show the value of ${key}`)}
            {button("copy", Copy, "Copy", `Copy the value of ${key}`)}
          </>
        )}
        {isCheckable(key) && button("check", Activity, "Ask the provider whether it works", `Check ${key}`)}
        {canManage && button("edit", Pencil, "Edit", `Edit ${key}`)}
        {canManage && button("delete", Trash2, "Delete", `Delete ${key}`)}
      </div>
      {rotateReason && (
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm text-muted-foreground">
          <Badge variant="warning">Rotate it</Badge>
          <span className="min-w-0 [overflow-wrap:anywhere]">{rotateReason}</span>
        </p>
      )}
      {check && !unreadable && (
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm text-muted-foreground">
          <Badge variant={check.result === "works" ? "success" : "warning"}>
            {CHECK_WORDS[check.result]}
          </Badge>
          <span>
            {check.detail} Asked <RelativeTime iso={check.checked_at} />.
          </span>
        </p>
      )}
      {unreadable && (
        <div className="flex w-full flex-wrap items-center justify-between gap-2 rounded-md bg-warning px-3 py-2 text-sm text-warning-foreground">
          <span className="flex items-center gap-2">
            <TriangleAlert aria-hidden className="size-4 shrink-0" />
            The stored value cannot be read any more.
          </span>
          {canManage ? (
            <Button variant="outline" size="sm" onClick={() => onAction("enter-again", secret)}>
              Enter it again
            </Button>
          ) : (
            "Ask an admin of the team to enter it again."
          )}
        </div>
      )}
    </li>
  );
});

function describeUse(key: string, { result }: KeyUse): string {
  if (result === "worked") return "Worked";
  if (result === "no_credit") return "Out of credit";
  const known = findCatalogEntry(key);
  return known ? `Refused by ${providerOf(known)}` : "Refused by its provider";
}

/** Where a key stands, with the whole thought on hover and for screen readers. */
export function StandingBadge({ standing, isFailing = false }: { standing: Standing; isFailing?: boolean }) {
  const inUse = isFailing ? "warning" : "success";
  return (
    <Badge variant={standing.label === "In use" ? inUse : "secondary"} title={standing.detail}>
      {standing.label}
      <span className="sr-only">: {standing.detail}</span>
    </Badge>
  );
}
