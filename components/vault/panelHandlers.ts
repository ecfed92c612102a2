"use client";

import type { DragEvent, KeyboardEvent } from "react";
import { toast } from "@/components/vault/toast";
import { allowFiles, hasFiles, readFiles } from "./transfer";
import type { useSelection } from "./useSelection";
import type { useVaultDialogs } from "./useVaultDialogs";

interface Options {
  /** Whether the person may import. */
  canManage: boolean;
  dialogs: ReturnType<typeof useVaultDialogs>;
  selection: ReturnType<typeof useSelection>;
  /** Whether a change of what is selected is under way. */
  isBusy: boolean;
}

/** What a key that is pressed in the panel does, and a file that is dropped on it. */
export function panelHandlers({ canManage, dialogs, selection, isBusy }: Options) {
  const { dialog, open } = dialogs;
  return {
    /** Escape leaves the selection, where nothing else is open that it closes. */
    onKeyDown(event: KeyboardEvent) {
      if (event.key !== "Escape" || event.defaultPrevented || !selection.isOn || dialog || isBusy) return;
      event.preventDefault();
      selection.leave();
    },
    onDragOver: (event: DragEvent) => canManage && allowFiles(event),
    onDrop(event: DragEvent) {
      if (!canManage || !hasFiles(event.dataTransfer)) return;
      // Else the browser would leave the page, and show the file.
      event.preventDefault();
      // A drop in a dialog comes by here as well, since the dialog is the panel's child.
      if (dialog || !event.currentTarget.contains(event.target as Node)) return;
      void readFiles(event.dataTransfer)?.then((read) => {
        if ("text" in read) open({ kind: "import", text: read.text });
        else toast.error(read.problem);
      });
    },
  };
}
