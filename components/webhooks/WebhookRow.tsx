"use client";

import { History, type LucideIcon, Pause, Pencil, Play, Send, Trash2 } from "lucide-react";
import { memo } from "react";
import { ActionButton } from "@/components/vault/ui/ActionButton";
import { Badge } from "@/components/vault/ui/badge";
import { Button } from "@/components/vault/ui/button";
import { RelativeTime } from "@/components/vault/ui/RelativeTime";
import type { LeftWebhook } from "@/lib/webhooks/left";
import type { Webhook } from "@/lib/webhooks/schema";
import type { TestResult } from "./list";
import { describeEvents, describeState, nameOf } from "./standing";

export type WebhookAction = "test" | "deliveries" | "pause" | "resume" | "edit" | "delete" | "renew";

interface WebhookRowProps {
  webhook: Webhook;
  /** Who was responsible for it, where that person is no longer an admin. */
  left: LeftWebhook | undefined;
  /** The actions that are under way, as words. */
  busy: string;
  /** What became of the latest test on this page. */
  test: TestResult | undefined;
  onAction: (action: WebhookAction, webhook: Webhook) => void;
}

/** One webhook: where it leads, what it tells of, and how it stands. */
export const WebhookRow = memo(function WebhookRow({ webhook, left, busy, test, onAction }: WebhookRowProps) {
  const { id, description, events, failures, last_delivered_at, pause_reason } = webhook;
  const name = nameOf(webhook);
  const state = describeState(webhook, left);
  const isReady = pause_reason !== "no_secret";
  const isRenewing = busy.includes("renew");
  const button = (action: WebhookAction, icon: LucideIcon, title: string, label: string) => (
    <ActionButton
      icon={icon}
      title={title}
      label={label}
      busy={busy.includes(action)}
      onClick={() => onAction(action, webhook)}
      data-action={action}
      data-id={id}
    />
  );
  return (
    <li className="flex flex-col gap-2 rounded-lg border bg-background/60 p-3">
      <div className="flex flex-col gap-1.5">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <Address address={webhook.address} />
          <Badge variant={state.variant}>{state.label}</Badge>
        </div>
        {description && (
          <p className="text-sm text-muted-foreground [overflow-wrap:anywhere] max-sm:line-clamp-3">
            {description}
          </p>
        )}
        <div className="flex flex-wrap items-end justify-between gap-x-4 gap-y-1">
          <p className="min-w-0 flex-1 basis-52 text-sm text-muted-foreground sm:pb-2">
            {describeEvents(events)}
            {/* At the end of a line, never at the beginning of one. */}
            {"\u00a0· "}
            {last_delivered_at ? (
              <>
                Last delivered <RelativeTime iso={last_delivered_at} />
              </>
            ) : (
              "Nothing delivered yet"
            )}
            {failures > 0 && !state.next && (
              <>
                {"\u00a0· "}
                <span className="font-medium whitespace-nowrap text-destructive-text">
                  {failures === 1 ? "The last attempt failed" : `${failures} failures in a row`}
                </span>
              </>
            )}
          </p>
          <div className="ml-auto flex shrink-0 gap-1">
            {isReady && button("test", Send, "Send a test", `Send a test to ${name}`)}
            {button("deliveries", History, "Deliveries", `Deliveries to ${name}`)}
            {/* One button, so that the focus stays on it. */}
            {isReady &&
              (pause_reason === null
                ? button("pause", Pause, "Pause", `Pause ${name}`)
                : button("resume", Play, "Resume", `Resume ${name}`))}
            {button("edit", Pencil, "Edit", `Edit ${name}`)}
            {button("delete", Trash2, "Delete", `Delete ${name}`)}
          </div>
        </div>
      </div>
      {state.next && (
        <div className="flex flex-wrap items-center justify-between gap-2 rounded-md bg-warning px-3 py-2 text-sm text-warning-foreground">
          <p className="min-w-0 flex-1 basis-52 [overflow-wrap:anywhere]">{state.next}</p>
          <Button
            variant="outline"
            size="sm"
            className="text-foreground"
            aria-disabled={isRenewing}
            onClick={() => onAction(isReady ? "deliveries" : "renew", webhook)}
          >
            {isReady ? "Deliveries" : isRenewing ? "Creating…" : "Create one"}
            <span className="sr-only">
              {" "}
              {isReady ? "to" : "for"} {name}
            </span>
          </Button>
        </div>
      )}
      {test && (
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm text-muted-foreground">
          <Badge variant={test.badge.variant}>Test: {test.badge.label}</Badge>
          <span>
            {test.detail} Sent <RelativeTime iso={test.at} />.
          </span>
        </p>
      )}
    </li>
  );
});

/** A shortened address with its host in the foreground. */
function Address({ address }: { address: string }) {
  const [, scheme, host, rest] = /^(\w+:\/\/)([^/]*)(.*)$/.exec(address) ?? ["", "", address];
  return (
    <p className="line-clamp-2 text-sm text-muted-foreground [overflow-wrap:anywhere]" title={address}>
      {scheme}
      <span className="font-medium text-foreground">{host}</span>
      {rest}
    </p>
  );
}
