"use client";

import { type RefObject, useRef } from "react";
import { neighbourOf } from "@/components/vault/neighbour";
import type { ApiError } from "@/lib/vault/http/client";
import type { Webhook } from "@/lib/webhooks/schema";
import { DeleteWebhookDialog } from "./DeleteWebhookDialog";
import { DeliveriesDialog } from "./DeliveriesDialog";
import type { WebhookList } from "./list";
import { ResumeWebhookDialog } from "./ResumeWebhookDialog";
import { SigningSecretDialog } from "./SigningSecretDialog";
import { WebhookDialog } from "./WebhookDialog";

/** A dialog of the panel, and what it is about. */
export type OpenDialog =
  | { kind: "add" }
  | { kind: "edit" | "deliveries" | "delete" | "resume"; webhook: Webhook }
  | { kind: "secret"; secret: string };

interface WebhookDialogsProps {
  dialog: OpenDialog;
  list: WebhookList;
  /** Tells that there is a new one in the list. */
  onAdded: () => void;
  onClose: () => void;
  /** Gets the focus where what opened the dialog is gone. */
  addButton: RefObject<HTMLButtonElement | null>;
}

/** The dialog that is open. All of them are one file to load, once the page stands. */
export function WebhookDialogs({ dialog, list, onAdded, onClose, addButton }: WebhookDialogsProps) {
  const opener = useRef(document.activeElement as HTMLElement | null);
  const neighbour = useRef<HTMLElement | null>(null);
  const common = {
    api: list.api,
    onClose,
    onCloseAutoFocus(event: Event) {
      event.preventDefault();
      const target = opener.current?.isConnected ? opener.current : addButton.current;
      target?.focus();
    },
    onWebhook: list.put,
  };
  if (dialog.kind === "add") {
    const onWebhook = (webhook: Webhook) => {
      list.put(webhook);
      onAdded();
    };
    return <WebhookDialog {...common} webhook={null} onWebhook={onWebhook} onGone={onClose} />;
  }
  if (dialog.kind === "secret") return <SigningSecretDialog {...common} secret={dialog.secret} />;
  const { kind, webhook } = dialog;
  const onGone = (reason: ApiError) => {
    onClose();
    list.explain(reason, webhook);
  };
  if (kind === "edit") {
    // What became of a test at the address from before says nothing of the new one.
    const onMoved = () => list.forgetTest(webhook);
    return <WebhookDialog {...common} webhook={webhook} onMoved={onMoved} onGone={onGone} />;
  }
  if (kind === "deliveries") {
    const onSentAgain = () => {
      list.forgetTest(webhook);
      // Not left to the dialog, which may be closed before it knows.
      void list.reload();
    };
    return <DeliveriesDialog {...common} webhook={webhook} onSentAgain={onSentAgain} onGone={onGone} />;
  }
  if (kind === "resume") {
    return (
      <ResumeWebhookDialog
        webhook={webhook}
        api={list.api}
        onResumed={list.put}
        onGone={(reason) => list.explain(reason, webhook)}
        onClose={onClose}
      />
    );
  }
  const onDeleted = () => {
    // Focus goes to the neighbour, so that people keep their place in a long list.
    neighbour.current = neighbourOf(
      "#webhooks [data-action='delete']",
      (button) => button.dataset.id === webhook.id,
    );
    list.drop(webhook);
  };
  return (
    <DeleteWebhookDialog
      webhook={webhook}
      api={list.api}
      onDeleted={onDeleted}
      onClose={onClose}
      focusAfter={() => neighbour.current ?? addButton.current}
    />
  );
}
