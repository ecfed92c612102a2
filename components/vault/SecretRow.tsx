"use client";

import {
  Activity,
  Copy,
  Ellipsis,
  LoaderCircle,
  LockKeyhole,
  type LucideIcon,
  TriangleAlert,
} from "lucide-react";
import { type ComponentProps, memo } from "react";
import { ActionButton } from "@/components/vault/ui/ActionButton";
import { Badge } from "@/components/vault/ui/badge";
import { Button } from "@/components/vault/ui/button";
import { cn } from "@/components/vault/ui/cn";
import { WARNING_FILL, WARNING_TEXT } from "@/components/vault/ui/colors";
import { RelativeTime } from "@/components/vault/ui/RelativeTime";
import type { CheckReply } from "@/lib/vault/requests";
import type { KeyUse, SecretMetadata } from "@/lib/vault/types";
import { RevealedValue } from "./lateParts";
import type { ShownValue } from "./RevealedValue";
import { RowNotes } from "./RowNotes";
import type { RowAction } from "./rowRights";
import { StandingBadge } from "./StandingBadge";
import type { Standing } from "./standing";
import { isFailing, verdictOf } from "./verdict";

interface SecretRowProps {
  secret: SecretMetadata;
  standing: Standing | null;
  /** The value while it is shown. */
  shown: ShownValue | undefined;
  /** The actions that are under way, as words. */
  busy: string;
  /** What the provider said on this page. */
  check: CheckReply | undefined;
  /** The value is there and cannot be decrypted. */
  unreadable: boolean;
  /** How its present value did when it was last really used; undefined if that is not known. */
  use: KeyUse | undefined;
  /** Why it should be replaced; undefined for no reason. */
  rotateReason: string | undefined;
  /** Who entered the value, where that is to be said. */
  addedBy: string | undefined;
  /** Whether the person may see and change the value. */
  canManage: boolean;
  /** What the row's menu holds: all of it, a check alone, or nothing. */
  menu: "all" | "check" | "none";
  isMenuOpen: boolean;
  /** Whether it is one of those that are selected; undefined where none can be. */
  isSelected: boolean | undefined;
  onAction: (action: RowAction, secret: SecretMetadata) => void;
  onMenu: (secret: SecretMetadata, button: HTMLElement) => void;
}

/** One secret in a line: what it is, where it stands, its last characters, its age, and what can be done with it. */
export const SecretRow = memo(function SecretRow(props: SecretRowProps) {
  const { secret, standing, shown, busy, unreadable, use, canManage, isSelected, onAction } = props;
  const { key, details } = secret;
  const verdict = verdictOf(secret, props.check);
  const isSelecting = isSelected !== undefined;
  const isUseOnly = details?.use_only === true;
  return (
    <li
      className={cn(
        "[container-type:inline-size] px-3 py-1 [contain-intrinsic-size:auto_2.25rem] [content-visibility:auto]",
        isSelected && "bg-accent/60",
      )}
    >
      {/* In a narrow panel the name has a line of its own, with its last characters, age and actions below. */}
      <div className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-center [@container(width>=28rem)]:grid-cols-[auto_minmax(0,1fr)_auto_auto] [@container(width>=28rem)]:grid-rows-[1fr_auto]">
        {isSelecting && (
          <input
            type="checkbox"
            checked={isSelected}
            onChange={() => onAction("select", secret)}
            aria-label={`Select ${key}`}
            data-action="select"
            className="col-start-1 row-span-3 row-start-1 mr-3 size-4 scroll-my-24 accent-primary"
          />
        )}
        <div className="col-span-2 col-start-2 row-start-1 flex min-w-0 flex-wrap items-center gap-x-2 [@container(width>=28rem)]:col-span-1 [@container(width>=28rem)]:col-start-2">
          <p className="min-w-0 font-mono text-sm font-medium [overflow-wrap:anywhere]">{key}</p>
          {standing && <StandingBadge standing={standing} isFailing={isFailing(use, verdict)} />}
          {isUseOnly && (
            <Badge
              variant="outline"
              className="py-0"
              title="Can be used and checked, but not shown or copied"
            >
              <LockKeyhole aria-hidden />
              Use only
              <span className="sr-only">: it can be used and checked, but not shown or copied</span>
            </Badge>
          )}
        </div>
        <p className="col-start-2 row-start-2 flex items-center gap-x-3 text-xs text-muted-foreground [@container(width>=28rem)]:col-start-3 [@container(width>=28rem)]:row-start-1 [@container(width>=28rem)]:ml-3">
          <span className="font-mono whitespace-nowrap empty:hidden [@container(width>=28rem)]:w-[3.75rem] [@container(width>=28rem)]:empty:block">
            {details?.hint && (
              <>
                <span aria-hidden>••••{details.hint}</span>
                <span className="sr-only">ends in {details.hint}</span>
              </>
            )}
          </span>
          <span className="w-[5.25rem] truncate">
            <span className="sr-only">Rotated </span>
            <RelativeTime iso={secret.last_rotated_at} />
          </span>
        </p>
        <div className="col-span-2 col-start-2 row-start-3 empty:hidden [@container(width>=28rem)]:row-start-2">
          {secret.description && (
            <p className="text-xs text-muted-foreground [overflow-wrap:anywhere]">{secret.description}</p>
          )}
          <RowNotes
            secret={secret}
            verdict={unreadable ? undefined : verdict}
            use={use}
            rotateReason={props.rotateReason}
            addedBy={props.addedBy}
          />
        </div>
        <div className="col-start-3 row-start-2 ml-2 flex items-center justify-end [@container(width>=28rem)]:col-start-4 [@container(width>=28rem)]:row-span-2 [@container(width>=28rem)]:row-start-1 [@container(width>=28rem)]:w-[6.75rem] [@container(width>=28rem)]:gap-1">
          {canManage && !isUseOnly && !isSelecting && (
            <LineButton
              icon={Copy}
              text="Copy"
              label={`Copy the value of ${key}`}
              isBusy={busy.includes("copy")}
              onClick={() => onAction("copy", secret)}
              data-action="copy"
            />
          )}
          {props.menu === "check" && !isSelecting && (
            <LineButton
              icon={Activity}
              text="Check"
              label={`Check ${key}`}
              isBusy={busy.includes("check")}
              onClick={() => onAction("check", secret)}
              data-action="check"
            />
          )}
          {props.menu === "all" && !isSelecting && (
            <ActionButton
              icon={Ellipsis}
              size="icon-sm"
              title="More actions"
              label={`More actions for ${key}`}
              busy={busy.includes("show") || busy.includes("check")}
              aria-haspopup="menu"
              aria-expanded={props.isMenuOpen}
              onClick={(event) => props.onMenu(secret, event.currentTarget)}
              data-action="menu"
              data-key={key}
            />
          )}
        </div>
      </div>
      {unreadable && (
        <div
          className={cn(
            "mt-1 flex flex-wrap items-center justify-between gap-2 rounded-md px-3 py-1 text-sm",
            WARNING_FILL,
            WARNING_TEXT,
          )}
        >
          <span className="flex items-center gap-2">
            <TriangleAlert aria-hidden className="size-4 shrink-0" />
            The stored value can&apos;t be read.
          </span>
          {canManage ? (
            <Button
              variant="outline"
              size="sm"
              className="text-foreground"
              onClick={() => onAction("enter-again", secret)}
            >
              Enter it again
            </Button>
          ) : (
            "Ask a team admin to enter it again."
          )}
        </div>
      )}
      {shown && (
        <RevealedValue
          name={key}
          shown={shown}
          onCopy={() => onAction("copy", secret)}
          onHide={() => onAction("hide", secret)}
        />
      )}
    </li>
  );
});

interface LineButtonProps extends ComponentProps<typeof Button> {
  icon: LucideIcon;
  /** What it does, shown where there is room. */
  text: string;
  /** What it does to what, for screen readers. */
  label: string;
  isBusy: boolean;
}

function LineButton({ icon: Icon, text, label, isBusy, ...props }: LineButtonProps) {
  return (
    <Button
      variant="ghost"
      size="sm"
      className="w-8 px-0 has-[>svg]:px-0 [@container(width>=28rem)]:w-auto [@container(width>=28rem)]:px-2 [@container(width>=28rem)]:has-[>svg]:px-2"
      title={text}
      aria-label={label}
      aria-busy={isBusy || undefined}
      {...props}
    >
      {isBusy ? (
        <LoaderCircle aria-hidden className="animate-spin motion-reduce:animate-none" />
      ) : (
        <Icon aria-hidden />
      )}
      <span className="hidden [@container(width>=28rem)]:inline">{text}</span>
    </Button>
  );
}
