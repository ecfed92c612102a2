"use client";

import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { toast } from "sonner";
import { ConfirmDialog } from "@/components/shared/ConfirmDialog";
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
import { ApiError, asApiError, invalid, isCancelled } from "@/lib/vault/http/client";
import { MAX_DESCRIPTION_LENGTH } from "@/lib/vault/rules";
import type { WebhookSettings, WebhooksApi } from "@/lib/webhooks/requests";
import {
  MAX_URL_LENGTH,
  type NewWebhook,
  URL_LENGTH_RULE,
  WEBHOOK_EVENTS,
  type Webhook,
} from "@/lib/webhooks/types";
import { SigningSecretDialog } from "./SigningSecretDialog";
import { EVENT_WORDS } from "./standing";

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

const NO_ADDRESS = new ApiError(0, "no_address", "Enter an address.");
const HAS_CREDENTIALS = new ApiError(0, "credentials", "Leave out the username and password.");
/** What is said of the address here, and by the server; the form sees to the rest itself. */
const isAboutUrl = ({ code }: ApiError) =>
  /^(no_address|credentials|webhook_exists|webhook_address_.*|invalid_request)$/.test(code);
const URL_TOO_LONG = invalid(URL_LENGTH_RULE);
const DESCRIPTION_TOO_LONG = new ApiError(
  0,
  "description_too_long",
  `A description can have at most ${MAX_DESCRIPTION_LENGTH} characters.`,
);
const NO_EVENT = new ApiError(0, "no_event", "Choose at least one event.");

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
  const [asking, setAsking] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const address = useRef<HTMLInputElement>(null);
  const note = useRef<HTMLInputElement>(null);
  const firstEvent = useRef<HTMLInputElement>(null);
  const renewButton = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!failure) return;
    if (failure === NO_EVENT) firstEvent.current?.focus();
    else if (failure === DESCRIPTION_TOO_LONG) note.current?.focus();
    else if (isAboutUrl(failure)) address.current?.focus();
  }, [failure]);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (saving) return;
    if (!webhook && url.trim() === "") return setFailure(NO_ADDRESS);
    if (/^\s*https?:\/\/[^/?#]*@/i.test(url)) return setFailure(HAS_CREDENTIALS);
    // One line of plain text, whatever was pasted.
    const settings = {
      url: url.trim(),
      description: description.replace(/\p{Cc}+/gu, " ").trim(),
      events: [...events],
    };
    if (settings.url.length > MAX_URL_LENGTH) return setFailure(URL_TOO_LONG);
    if (settings.description.length > MAX_DESCRIPTION_LENGTH) return setFailure(DESCRIPTION_TOO_LONG);
    if (events.length === 0) return setFailure(NO_EVENT);
    setSaving(true);
    setFailure(null);
    try {
      if (!webhook) return keep(await api.add(settings));
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

  /** Fills the field with the present address, which is in no list. */
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

  /** The list gets the webhook, and the signing secret stays here. */
  function keep({ secret: made, ...saved }: NewWebhook): void {
    props.onWebhook(saved);
    setSecret(made);
  }

  async function renew(): Promise<ApiError | null> {
    if (!webhook) return null;
    try {
      keep(await api.renewSecret(webhook.id));
    } catch (error) {
      const reason = asApiError(error);
      if (reason.code !== "webhook_not_found") return reason;
      props.onGone(reason);
    }
    return null;
  }

  if (!webhook && secret !== null) {
    return (
      <SigningSecretDialog
        secret={secret}
        onClose={props.onClose}
        onCloseAutoFocus={props.onCloseAutoFocus}
      />
    );
  }
  const urlFailure = failure && isAboutUrl(failure) ? failure : null;
  const noteFailure = failure === DESCRIPTION_TOO_LONG ? failure : null;
  const eventFailure = failure === NO_EVENT ? failure : null;
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
          <div className="flex flex-col gap-2">
            <Label htmlFor={`${id}-url`}>Address</Label>
            <Input
              ref={address}
              id={`${id}-url`}
              type="url"
              inputMode="url"
              value={url}
              // The present address is nobody's to lose.
              data-opened-with={shownUrl ?? ""}
              onChange={(event) => setUrl(event.target.value)}
              placeholder={webhook?.address ?? "https://example.com/hooks"}
              autoComplete="off"
              spellCheck={false}
              aria-invalid={urlFailure !== null}
              aria-describedby={urlFailure ? `${id}-url-failure` : webhook ? `${id}-url-note` : undefined}
            />
            <Failure id={`${id}-url-failure`} failure={urlFailure} />
            {webhook && (
              <div className="flex flex-wrap items-center justify-between gap-2">
                <p id={`${id}-url-note`} className="min-w-0 flex-1 basis-52 text-sm text-muted-foreground">
                  {shownUrl === null
                    ? "Leave empty to keep the current address."
                    : "Anyone who has this address may be able to post to it."}
                </p>
                {shownUrl === null && (
                  <Button
                    variant="outline"
                    size="sm"
                    onClick={() => show(webhook)}
                    aria-disabled={busy.has("show")}
                  >
                    {busy.has("show") ? "Showing…" : "Show the address"}
                  </Button>
                )}
              </div>
            )}
          </div>
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
          <fieldset aria-describedby={eventFailure ? `${id}-events-failure` : undefined}>
            <legend className="mb-1 text-sm font-medium">Events</legend>
            <div className="grid gap-x-4 sm:grid-cols-2">
              {WEBHOOK_EVENTS.map((event, index) => (
                <label key={event} className="flex items-start gap-2.5 py-1.5 text-sm">
                  <input
                    ref={index === 0 ? firstEvent : undefined}
                    type="checkbox"
                    className="mt-0.5 size-4 shrink-0 accent-primary"
                    checked={events.includes(event)}
                    onChange={({ target }) =>
                      setEvents((chosen) =>
                        WEBHOOK_EVENTS.filter((other) =>
                          other === event ? target.checked : chosen.includes(other),
                        ),
                      )
                    }
                  />
                  <span className="min-w-0">
                    {EVENT_WORDS[event]}{" "}
                    <span className="block font-mono text-xs text-muted-foreground [overflow-wrap:anywhere]">
                      {event}
                    </span>
                  </span>
                </label>
              ))}
            </div>
            <Failure id={`${id}-events-failure`} failure={eventFailure} />
          </fieldset>
          {/* One without a signing secret has a button for it in its row. */}
          {webhook && webhook.pause_reason !== "no_secret" && (
            <div className="flex flex-wrap items-center justify-between gap-2 border-t pt-4">
              <p className="min-w-0 flex-1 basis-52 text-sm text-muted-foreground">
                The signing secret was shown once. If it's lost or leaked, create a new one.
              </p>
              <Button ref={renewButton} variant="outline" size="sm" onClick={() => setAsking(true)}>
                New signing secret
              </Button>
            </div>
          )}
          <DialogFooter>
            {failure !== urlFailure && failure !== noteFailure && failure !== eventFailure && (
              <Failure failure={failure} className="min-w-0 flex-1 basis-52" />
            )}
            <DialogClose>Cancel</DialogClose>
            <Button type="submit" className="min-w-32" aria-disabled={saving}>
              {webhook ? (saving ? "Saving…" : "Save changes") : saving ? "Adding…" : "Add webhook"}
            </Button>
          </DialogFooter>
        </form>
        {asking && (
          <ConfirmDialog
            title="Create a new signing secret?"
            action="Create new secret"
            working="Creating…"
            destructive
            onConfirm={renew}
            onClose={() => setAsking(false)}
          >
            The current one stops working immediately. Your receiver will reject messages until it has the new
            one.
          </ConfirmDialog>
        )}
        {secret !== null && (
          <SigningSecretDialog
            secret={secret}
            onClose={() => setSecret(null)}
            onCloseAutoFocus={(event) => {
              event.preventDefault();
              renewButton.current?.focus();
            }}
          />
        )}
      </DialogContent>
    </Dialog>
  );
}

/** Only what differs, so that somebody else's change of the rest stays. Without an address, the present one stays. */
function changesOf(
  webhook: Webhook,
  shownUrl: string | null,
  settings: WebhookSettings,
): Partial<WebhookSettings> {
  const { url, description, events } = settings;
  return {
    ...(url !== "" && url !== shownUrl && { url }),
    ...(description !== webhook.description && { description }),
    ...(events.join() !== webhook.events.join() && { events }),
  };
}
