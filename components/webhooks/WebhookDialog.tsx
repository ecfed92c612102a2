"use client";

import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { toast } from "sonner";
import { Failure } from "@/components/shared/Failure";
import { Button } from "@/components/vault/ui/button";
import {
  Dialog,
  DialogClose,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from "@/components/vault/ui/dialog";
import { Input } from "@/components/vault/ui/input";
import { Label } from "@/components/vault/ui/label";
import { useBusy } from "@/components/vault/useBusy";
import { type ApiError, asApiError, isCancelled } from "@/lib/vault/http/client";
import type { WebhooksApi } from "@/lib/webhooks/requests";
import type { Webhook } from "@/lib/webhooks/schema";
import { WEBHOOK_EVENTS } from "@/lib/webhooks/types";
import { AddressField } from "./AddressField";
import { EventsField } from "./EventsField";
import { NewSecret, NewSecretDialogs } from "./NewSecret";
import { SigningSecretDialog } from "./SigningSecretDialog";
import { changesOf, fieldOf, mistakeIn, tidied, type WebhookField } from "./settings";

interface WebhookDialogProps {
  /** The webhook to edit; null adds one. */
  webhook: Webhook | null;
  api: WebhooksApi;
  /** Tells how the webhook stands now. */
  onWebhook: (webhook: Webhook) => void;
  /** Tells that it leads to another address now. */
  onMoved?: () => void;
  /** Tells that the webhook turned out to be deleted. */
  onGone: (reason: ApiError) => void;
  onClose: () => void;
  onCloseAutoFocus: (event: Event) => void;
}

/** Adds a webhook and then shows its signing secret, or edits one. */
export function WebhookDialog(props: WebhookDialogProps) {
  const { webhook, api } = props;
  const id = useId();
  const [url, setUrl] = useState("");
  /** The present address, once the person asked for it. */
  const [shownUrl, setShownUrl] = useState<string | null>(null);
  const { busy, whileBusy } = useBusy();
  const [description, setDescription] = useState(webhook?.description ?? "");
  const [events, setEvents] = useState(webhook?.events ?? WEBHOOK_EVENTS);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [saving, setSaving] = useState(false);
  const [isRenewing, setIsRenewing] = useState(false);
  /** Of the webhook that was added. */
  const [secret, setSecret] = useState<string | null>(null);
  const address = useRef<HTMLInputElement>(null);
  const note = useRef<HTMLInputElement>(null);
  const firstEvent = useRef<HTMLInputElement>(null);
  const renewButton = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!failure) return;
    const field = fieldOf(failure);
    if (field === "events") firstEvent.current?.focus();
    else if (field === "description") note.current?.focus();
    else if (field === "address") address.current?.focus();
  }, [failure]);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (saving) return;
    const settings = tidied({ url, description, events: [...events] });
    const mistake = mistakeIn(settings, webhook === null);
    if (mistake) return setFailure(mistake);
    setSaving(true);
    setFailure(null);
    try {
      if (!webhook) {
        const { secret: made, ...added } = await api.add(settings);
        props.onWebhook(added);
        return setSecret(made);
      }
      const changes = changesOf(webhook, shownUrl, settings);
      if (Object.keys(changes).length > 0) {
        const changed = await api.change(webhook.id, changes);
        if (changes.url !== undefined) props.onMoved?.();
        props.onWebhook(changed);
        toast.success("Webhook changed");
      }
      props.onClose();
    } catch (error) {
      const reason = asApiError(error);
      if (reason.code === "webhook_not_found") props.onGone(reason);
      else setFailure(reason);
    } finally {
      setSaving(false);
    }
  }

  /** Fills the field with the present address. */
  const show = ({ id: shown }: Webhook) =>
    whileBusy("show", async () => {
      setFailure(null);
      try {
        const present = await api.reveal(shown);
        setShownUrl(present);
        setUrl(present);
        address.current?.focus();
      } catch (error) {
        const reason = asApiError(error);
        if (reason.code === "webhook_not_found") props.onGone(reason);
        else if (!isCancelled(reason)) setFailure(reason);
      }
    });

  if (secret !== null) {
    return (
      <SigningSecretDialog
        secret={secret}
        onClose={props.onClose}
        onCloseAutoFocus={props.onCloseAutoFocus}
      />
    );
  }
  const failureOf = (field: WebhookField) => (failure && fieldOf(failure) === field ? failure : null);
  const noteFailure = failureOf("description");
  return (
    <Dialog open onOpenChange={(open) => !open && !saving && props.onClose()}>
      <DialogContent onCloseAutoFocus={props.onCloseAutoFocus}>
        <DialogHeader>
          <DialogTitle>{webhook ? "Edit webhook" : "Add webhook"}</DialogTitle>
          <DialogDescription>
            {webhook
              ? "Changes apply to new messages."
              : "Messages contain key names and counts, never a value, a prompt, or an answer."}
          </DialogDescription>
        </DialogHeader>
        <form
          onSubmit={submit}
          // What's being corrected is no longer wrong.
          onInput={() => setFailure(null)}
          noValidate
          autoComplete="off"
          className="flex flex-col gap-4"
        >
          <AddressField
            ref={address}
            webhook={webhook}
            url={url}
            onUrl={setUrl}
            shownUrl={shownUrl}
            onShow={() => webhook && show(webhook)}
            isShowing={busy.has("show")}
            failure={failureOf("address")}
          />
          <div className="flex flex-col gap-2">
            <Label htmlFor={`${id}-description`}>
              Description <span className="font-normal text-muted-foreground">(optional)</span>
            </Label>
            <Input
              ref={note}
              id={`${id}-description`}
              value={description}
              onChange={(event) => setDescription(event.target.value)}
              autoComplete="off"
              aria-invalid={noteFailure !== null}
              aria-describedby={noteFailure ? `${id}-description-failure` : undefined}
            />
            <Failure id={`${id}-description-failure`} failure={noteFailure} />
          </div>
          <EventsField ref={firstEvent} events={events} onEvents={setEvents} failure={failureOf("events")} />
          {/* One without a signing secret has a button for it in its row. */}
          {webhook && webhook.pause_reason !== "no_secret" && (
            <NewSecret ref={renewButton} onAsk={() => setIsRenewing(true)} />
          )}
          <DialogFooter>
            {failureOf(null) && <Failure failure={failure} className="min-w-0 flex-1 basis-52" />}
            <DialogClose>Cancel</DialogClose>
            <Button type="submit" className="min-w-32" aria-disabled={saving}>
              {webhook ? (saving ? "Saving…" : "Save changes") : saving ? "Adding…" : "Add webhook"}
            </Button>
          </DialogFooter>
        </form>
        {isRenewing && webhook && (
          <NewSecretDialogs
            webhook={webhook}
            api={api}
            onWebhook={props.onWebhook}
            onGone={props.onGone}
            onClose={() => setIsRenewing(false)}
            button={renewButton}
          />
        )}
      </DialogContent>
    </Dialog>
  );
}
