import { type RefObject, useRef, useState } from "react";
import { ConfirmDialog } from "@/components/shared/ConfirmDialog";
import { Button } from "@/components/vault/ui/button";
import { type ApiError, asApiError } from "@/lib/vault/http/client";
import type { WebhooksApi } from "@/lib/webhooks/requests";
import type { Webhook } from "@/lib/webhooks/schema";
import { SigningSecretDialog } from "./SigningSecretDialog";

interface NewSecretProps {
  onAsk: () => void;
  ref: RefObject<HTMLButtonElement | null>;
}

/** The part of the form that offers a new signing secret. */
export function NewSecret({ onAsk, ref }: NewSecretProps) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-2 border-t pt-4">
      <p className="min-w-0 flex-1 basis-52 text-sm text-muted-foreground">
        The signing secret was shown once. If it's lost or leaked, create a new one.
      </p>
      <Button ref={ref} variant="outline" size="sm" onClick={onAsk}>
        New signing secret
      </Button>
    </div>
  );
}

interface NewSecretDialogsProps {
  webhook: Webhook;
  api: WebhooksApi;
  /** Tells how the webhook stands now. */
  onWebhook: (webhook: Webhook) => void;
  /** Tells that the webhook turned out to be deleted. */
  onGone: (reason: ApiError) => void;
  onClose: () => void;
  /** Gets the focus afterwards. */
  button: RefObject<HTMLButtonElement | null>;
}

/**
 * Replaces a signing secret once the person has confirmed it, and shows the new one. Outside the form: React passes what
 * is submitted here on to it.
 */
export function NewSecretDialogs({
  webhook,
  api,
  onWebhook,
  onGone,
  onClose,
  button,
}: NewSecretDialogsProps) {
  const [isAsking, setIsAsking] = useState(true);
  const [secret, setSecret] = useState<string | null>(null);
  const isRenewed = useRef(false);

  async function renew(): Promise<ApiError | null> {
    try {
      const { secret: made, ...saved } = await api.renewSecret(webhook.id);
      isRenewed.current = true;
      onWebhook(saved);
      setSecret(made);
    } catch (error) {
      const reason = asApiError(error);
      if (reason.code !== "webhook_not_found") return reason;
      onGone(reason);
    }
    return null;
  }

  return (
    <>
      {isAsking && (
        <ConfirmDialog
          title="Create a new signing secret?"
          action="Create new secret"
          working="Creating…"
          destructive
          onConfirm={renew}
          onClose={() => (isRenewed.current ? setIsAsking(false) : onClose())}
        >
          The current one stops working immediately. Your receiver will reject messages until it has the new
          one.
        </ConfirmDialog>
      )}
      {secret !== null && (
        <SigningSecretDialog
          secret={secret}
          onClose={onClose}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            button.current?.focus();
          }}
        />
      )}
    </>
  );
}
