"use client";

import { toast } from "sonner";
import { ConfirmDialog } from "@/components/shared/ConfirmDialog";
import { type ApiError, asApiError } from "@/lib/vault/http/client";
import type { WebhooksApi } from "@/lib/webhooks/requests";
import type { Webhook } from "@/lib/webhooks/schema";
import { WebhookName } from "./WebhookName";

interface ResumeWebhookDialogProps {
  webhook: Pick<Webhook, "id" | "address" | "description">;
  api: WebhooksApi;
  onResumed: (webhook: Webhook) => void;
  /** Tells that it turned out to be deleted. */
  onGone: (reason: ApiError) => void;
  onClose: () => void;
  /** Where the focus goes, if what opened the dialog will be gone. */
  focusAfter?: () => HTMLElement | null | undefined;
}

/** Asks before events go again to an address that somebody chose who is not an admin anymore. */
export function ResumeWebhookDialog(props: ResumeWebhookDialogProps) {
  const { webhook, api, focusAfter } = props;

  async function resume(): Promise<ApiError | null> {
    try {
      props.onResumed(await api.change(webhook.id, { paused: false }));
      toast.success("Webhook resumed. You're now responsible for it.");
    } catch (error) {
      const failure = asApiError(error);
      if (failure.code !== "webhook_not_found") return failure;
      props.onGone(failure);
    }
    return null;
  }

  return (
    <ConfirmDialog
      title="Resume this webhook?"
      action="Resume"
      working="Resuming…"
      onConfirm={resume}
      onClose={props.onClose}
      {...(focusAfter && { focusAfter })}
    >
      <WebhookName {...webhook} />
      The team's events are sent to this address again, and you become responsible for it. The person who
      added it may know its signing secret. If they shouldn't, create a new one under Edit.
    </ConfirmDialog>
  );
}
