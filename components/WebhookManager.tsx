"use client";

import { useRouter } from "next/navigation";
import { useCallback, useEffect, useRef, useState } from "react";
import { Button } from "@/components/vault/ui/button";
import { Card, CardContent } from "@/components/vault/ui/card";
import { cn } from "@/components/vault/ui/cn";
import { later } from "@/components/vault/ui/later";
import { useRovingFocus } from "@/components/vault/ui/useRovingFocus";
import type { TeamSummary } from "@/lib/teams/types";
import type { LeftWebhook } from "@/lib/webhooks/left";
import type { Webhook } from "@/lib/webhooks/schema";
import { PartMissing } from "./vault/PartMissing";
import { useComeBack } from "./vault/useComeBack";
import { describeState } from "./webhooks/standing";
import { useWebhooks } from "./webhooks/useWebhooks";
import type { OpenDialog } from "./webhooks/WebhookDialogs";
import { type WebhookAction, WebhookRow } from "./webhooks/WebhookRow";
import { WebhooksHeader } from "./webhooks/WebhooksHeader";

// Loaded once the page stands: nobody opens a dialog before that.
const WebhookDialogs = later(
  () => import("./webhooks/later").then((module) => module.WebhookDialogs),
  PartMissing,
);
const PRELOAD_AFTER_MS = 500;
/** By then most receivers have answered; the second attempt, and the third, have failed; all have timed out. */
const RELOAD_AFTER_MS = [1_500, 8_000, 25_000];
/** More than so many webhooks are folded, because the vault is below them. */
const MAX_UNFOLDED = 4;
const FOLDED = 3;

interface WebhookManagerProps {
  /** Whose they are; null for the person's own. */
  team: Pick<TeamSummary, "id" | "name"> | null;
  initialWebhooks: readonly Webhook[];
  /** Those whose admin had left when the page was loaded. */
  left: readonly LeftWebhook[];
  /** Both become something else when something happens that webhooks may be told of. */
  secrets: unknown;
  runs: unknown;
  /** Learns how many are newly paused; the same function in every render. */
  onUnseenPauses: (count: number) => void;
}

/** The panel in which a person, or a team's admins, say which addresses are told of what happens. */
export function WebhookManager(props: WebhookManagerProps) {
  const { team, initialWebhooks, left, secrets, runs, onUnseenPauses } = props;
  const [dialog, setDialog] = useState<OpenDialog | null>(null);
  const [showsAll, setShowsAll] = useState(false);
  const [announcement, setAnnouncement] = useState("");
  const list = useWebhooks({ teamId: team?.id ?? null, initialWebhooks, announce: setAnnouncement });
  const { api, put, reload, attempt, test, setPaused } = list;
  const addButton = useRef<HTMLButtonElement>(null);
  const roving = useRovingFocus();
  useAfterChange(secrets, reload);
  useAfterChange(runs, reload);
  useComeBack(reload);

  useEffect(() => {
    // So that the dialogs open at once, and without a network too.
    const preload = setTimeout(() => WebhookDialogs.preload().catch(() => {}), PRELOAD_AFTER_MS);
    return () => clearTimeout(preload);
  }, []);

  const act = useCallback(
    (action: WebhookAction, webhook: Webhook) => {
      if (action === "test") void test(webhook);
      else if (action === "resume" && webhook.pause_reason === "creator_left") {
        setDialog({ kind: "resume", webhook });
      } else if (action === "pause" || action === "resume") void setPaused(webhook, action === "pause");
      else if (action === "renew") {
        void attempt(action, webhook, async () => {
          const { secret, ...renewed } = await api.renewSecret(webhook.id);
          setDialog({ kind: "secret", secret });
          put(renewed);
        });
      } else setDialog({ kind: action, webhook });
    },
    [test, setPaused, attempt, api, put],
  );

  const { webhooks } = list;
  const unseen = webhooks.filter(({ pause_is_unseen }) => pause_is_unseen).length;
  useRefreshOnceSeen(unseen);
  useEffect(() => onUnseenPauses(unseen), [onUnseenPauses, unseen]);
  // What needs somebody is never folded away.
  const folded =
    webhooks.length > MAX_UNFOLDED
      ? webhooks.filter((webhook, index) => index < FOLDED || describeState(webhook).next)
      : webhooks;
  const isEmpty = webhooks.length === 0;
  return (
    // Without a webhook it takes one line, because the vault is below it.
    <Card
      id="webhooks"
      aria-labelledby="webhooks-title"
      className={cn("scroll-mt-4", isEmpty && "gap-0 py-2.5")}
    >
      <WebhooksHeader
        teamName={team?.name}
        isEmpty={isEmpty}
        unseen={unseen}
        addButton={addButton}
        onAdd={() => setDialog({ kind: "add" })}
      />
      {!isEmpty && (
        <CardContent>
          {roving.hint}
          <ul id="webhooks-list" className="flex flex-col gap-2" {...roving.props}>
            {(showsAll ? webhooks : folded).map((webhook) => (
              <WebhookRow
                key={webhook.id}
                webhook={webhook}
                left={left.find(({ id }) => id === webhook.id)}
                busy={list.busyWith(webhook)}
                test={list.testOf(webhook)}
                onAction={act}
              />
            ))}
          </ul>
          {folded.length < webhooks.length && (
            <Button
              variant="outline"
              size="sm"
              className="mt-2 w-full"
              aria-expanded={showsAll}
              aria-controls="webhooks-list"
              onClick={() => setShowsAll(!showsAll)}
            >
              {showsAll ? "Show fewer" : `Show all ${webhooks.length}`}
              <span className="sr-only"> webhooks</span>
            </Button>
          )}
        </CardContent>
      )}
      <p className="sr-only" role="status">
        {announcement}
      </p>
      {dialog && (
        <WebhookDialogs
          dialog={dialog}
          list={list}
          onAdded={() => setShowsAll(true)}
          onClose={() => setDialog(null)}
          addButton={addButton}
        />
      )}
    </Card>
  );
}

/** Has the page's header follow once there is none left to look at. */
function useRefreshOnceSeen(unseen: number): void {
  const { refresh } = useRouter();
  const before = useRef(unseen);
  useEffect(() => {
    if (before.current > 0 && unseen === 0) refresh();
    before.current = unseen;
  }, [unseen, refresh]);
}

/** Does something some moments after a value has become another one. */
function useAfterChange(value: unknown, work: () => void): void {
  const before = useRef(value);
  useEffect(() => {
    if (before.current === value) return;
    before.current = value;
    const later = RELOAD_AFTER_MS.map((ms) => setTimeout(work, ms));
    return () => later.forEach(clearTimeout);
  }, [value, work]);
}
