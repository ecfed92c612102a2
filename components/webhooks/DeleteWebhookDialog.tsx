"use client";

import { type RefObject, useRef } from "react";
import { toast } from "sonner";
import { ConfirmDialog } from "@/components/shared/ConfirmDialog";
import { neighbourOf } from "@/components/vault/neighbour";
import { type ApiError, asApiError } from "@/lib/vault/http/client";
import type { Webhook } from "@/lib/webhooks/types";
import type { WebhookList } from "./useWebhooks";

interface DeleteWebhookDialogProps {
  webhook: Webhook;
  list: WebhookList;
  onClose: () => void;
  /** Gets the focus when the last webhook is gone. */
  addButton: RefObject<HTMLButtonElement | null>;
}

/** Asks before a webhook is deleted, because what goes with it cannot be brought back. */
export function DeleteWebhookDialog({ webhook, list, onClose, addButton }: DeleteWebhookDialogProps) {
  const neighbour = useRef<HTMLElement | null>(null);

  async function remove(): Promise<ApiError | null> {
    try {
      await list.api.remove(webhook.id);
    } catch (error) {
      const failure = asApiError(error);
      // Deleted in another window: what was wanted is so.
      if (failure.code !== "webhook_not_found") return failure;
    }
    // Focus goes to the neighbour, so that one keeps one's place in a long list.
    neighbour.current = neighbourOf(
      "#webhooks [data-action='delete']",
      (button) => button.dataset.id === webhook.id,
    );
    list.drop(webhook);
    toast.success("The webhook is deleted.");
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
      focusAfter={() => neighbour.current ?? addButton.current}
    >
      <span className="mb-2 line-clamp-2 font-mono text-foreground [overflow-wrap:anywhere]">
        {webhook.address}
      </span>
      {/* By which two webhooks of one service can be told apart. */}
      {webhook.description && (
        <span className="mb-2 line-clamp-4 text-foreground [overflow-wrap:anywhere]">
          {webhook.description}
        </span>
      )}
      Nothing is sent to it any more. Its deliveries and its signing secret go with it and cannot be brought
      back.
    </ConfirmDialog>
  );
}
