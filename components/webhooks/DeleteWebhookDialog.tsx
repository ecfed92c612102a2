"use client";

import { toast } from "sonner";
import { ConfirmDialog } from "@/components/shared/ConfirmDialog";
import { type ApiError, asApiError } from "@/lib/vault/http/client";
import type { WebhooksApi } from "@/lib/webhooks/requests";
import type { Webhook } from "@/lib/webhooks/schema";
import { WebhookName } from "./WebhookName";

interface DeleteWebhookDialogProps {
  webhook: Pick<Webhook, "id" | "address" | "description">;
  api: WebhooksApi;
  onDeleted: () => void;
  onClose: () => void;
  /** Where the focus goes, since what opened the dialog is gone with the webhook. */
  focusAfter: () => HTMLElement | null | undefined;
}

/** Asks before a webhook is deleted, because what goes with it cannot be brought back. */
export function DeleteWebhookDialog(props: DeleteWebhookDialogProps) {
  const { webhook, api, onDeleted, onClose, focusAfter } = props;

  async function remove(): Promise<ApiError | null> {
    try {
      await api.remove(webhook.id);
    } catch (error) {
      const failure = asApiError(error);
      // Deleted in another window: what was wanted is so.
      if (failure.code !== "webhook_not_found") return failure;
    }
    onDeleted();
    toast.success("Webhook deleted");
    return null;
  }

  return (
    <ConfirmDialog
      title="Delete this webhook?"
      action="Delete"
      working="Deleting…"
      destructive
      onConfirm={remove}
      onClose={onClose}
      focusAfter={focusAfter}
    >
      <WebhookName {...webhook} />
      Nothing more is sent to it. Its deliveries and signing secret are deleted too. This can't be undone.
    </ConfirmDialog>
  );
}
