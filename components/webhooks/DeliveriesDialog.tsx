"use client";

import { LoaderCircle, RefreshCw } from "lucide-react";
import { useCallback, useEffect, useRef, useState } from "react";
import { Failure } from "@/components/shared/Failure";
import { Skeleton } from "@/components/ui/skeleton";
import { Button } from "@/components/vault/ui/button";
import {
  Dialog,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from "@/components/vault/ui/dialog";
import { useBusy } from "@/components/vault/useBusy";
import { type ApiError, asApiError } from "@/lib/vault/http/client";
import type { WebhooksApi } from "@/lib/webhooks/requests";
import type { Delivery, Webhook } from "@/lib/webhooks/schema";
import { DeliveryItem } from "./DeliveryItem";
import { nameOf } from "./standing";
import { describeResult, STATUS_BADGES } from "./words";

interface DeliveriesDialogProps {
  webhook: Webhook;
  api: WebhooksApi;
  /** Tells how the webhook stands now. */
  onWebhook: (webhook: Webhook) => void;
  /** Tells that something was sent to it. */
  onSentAgain: () => void;
  /** Tells that it turned out to be deleted. */
  onGone: (reason: ApiError) => void;
  onClose: () => void;
  onCloseAutoFocus: (event: Event) => void;
}

/** While an attempt is under way. */
const REFRESH_AFTER_MS = 2_000;

/** The latest attempts at a webhook, what became of each, and a way to repeat it. */
export function DeliveriesDialog(props: DeliveriesDialogProps) {
  const { webhook, api } = props;
  const [deliveries, setDeliveries] = useState<readonly Delivery[] | null>(null);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [message, setMessage] = useState("");
  const { busy, whileBusy } = useBusy();
  const callbacks = useRef(props);
  callbacks.current = props;
  const latestLoad = useRef(0);
  const title = useRef<HTMLHeadingElement>(null);

  const fail = useCallback((error: unknown) => {
    const reason = asApiError(error);
    if (reason.code === "webhook_not_found") callbacks.current.onGone(reason);
    else setFailure(reason);
  }, []);

  /** Why it paused itself is in the list. If this fails, the badge stays, and nothing else. */
  const markSeen = useCallback(async () => {
    try {
      callbacks.current.onWebhook(await api.change(webhook.id, { pause_seen: true }));
    } catch {}
  }, [api, webhook.id]);

  /** Resolves to whether the list is up to date now. */
  const load = useCallback(async (): Promise<boolean> => {
    latestLoad.current += 1;
    const mine = latestLoad.current;
    try {
      const reply = await api.deliveries(webhook.id);
      // An answer that was overtaken is old.
      if (mine !== latestLoad.current) return false;
      setDeliveries(reply.deliveries);
      setFailure(null);
      callbacks.current.onWebhook(reply.webhook);
      if (reply.webhook.pause_is_unseen) void markSeen();
      return true;
    } catch (error) {
      if (mine === latestLoad.current) fail(error);
      return false;
    }
  }, [api, webhook.id, fail, markSeen]);

  useEffect(() => {
    void load();
    // What is answered after the dialog was closed is of no use.
    return () => {
      latestLoad.current += 1;
    };
  }, [load]);

  useEffect(() => {
    if (!deliveries?.some(({ status }) => status === "started")) return;
    const next = setTimeout(load, REFRESH_AFTER_MS);
    return () => clearTimeout(next);
  }, [deliveries, load]);

  const refresh = () =>
    whileBusy("refresh", async () => {
      setMessage("");
      if (await load()) setMessage("Up to date.");
    });

  const sendAgain = ({ id }: Delivery) =>
    whileBusy(`send ${id}`, async () => {
      setMessage("");
      setFailure(null);
      try {
        const outcome = await api.resend(webhook.id, id);
        callbacks.current.onSentAgain();
        setMessage(`Sent again: ${STATUS_BADGES[outcome.status].label}. ${describeResult(outcome)}`);
        await load();
      } catch (error) {
        fail(error);
      }
    });

  return (
    <Dialog open onOpenChange={(open) => !open && props.onClose()}>
      <DialogContent
        className="sm:max-w-2xl"
        // Reading starts on top; the first button is below the list.
        onOpenAutoFocus={(event) => {
          event.preventDefault();
          title.current?.focus();
        }}
        onCloseAutoFocus={props.onCloseAutoFocus}
      >
        <DialogHeader>
          <DialogTitle ref={title} tabIndex={-1} className="focus-visible:outline-hidden">
            Deliveries
          </DialogTitle>
          <DialogDescription className="[overflow-wrap:anywhere]">
            The last 20 delivery attempts to {nameOf(webhook)}, newest first.
          </DialogDescription>
        </DialogHeader>
        {deliveries === null && !failure && (
          <div role="status" className="flex flex-col gap-2">
            <span className="sr-only">Loading deliveries…</span>
            <Skeleton className="h-20" />
            <Skeleton className="h-20" />
          </div>
        )}
        {deliveries?.length === 0 && (
          <p className="rounded-lg border border-dashed px-4 py-8 text-center text-sm text-muted-foreground">
            {webhook.pause_reason === "no_secret"
              ? "Nothing sent yet: this webhook has no signing secret."
              : "Nothing sent yet. Send a test, and it'll appear here."}
          </p>
        )}
        {deliveries && deliveries.length > 0 && (
          <ul className="divide-y rounded-lg border">
            {deliveries.map((delivery) => (
              <DeliveryItem
                key={delivery.id}
                delivery={delivery}
                isSending={busy.has(`send ${delivery.id}`)}
                onSendAgain={() => sendAgain(delivery)}
              />
            ))}
          </ul>
        )}
        {/* Always in sight, because what it says is about a button that may be anywhere in the list. */}
        <DialogFooter className="gap-x-4">
          <p role="status" className="min-w-0 flex-1 basis-52 text-sm empty:hidden">
            {message}
          </p>
          <Failure failure={failure} className="min-w-0 flex-1 basis-52" />
          <div className="flex gap-2">
            <Button variant="outline" size="sm" onClick={refresh} aria-disabled={busy.has("refresh")}>
              {busy.has("refresh") ? (
                <LoaderCircle aria-hidden className="animate-spin motion-reduce:animate-none" />
              ) : (
                <RefreshCw aria-hidden />
              )}
              {failure && !deliveries ? "Try again" : "Refresh"}
            </Button>
            <Button size="sm" onClick={props.onClose}>
              Close
            </Button>
          </div>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}
