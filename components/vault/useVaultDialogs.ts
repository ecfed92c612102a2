"use client";

import { type RefObject, useCallback, useRef, useState } from "react";
import { useLatest } from "@/components/vault/ui/useLatest";
import type { ApiError } from "@/lib/vault/http/client";
import type { SecretMetadata } from "@/lib/vault/types";
import type { SecretDraft } from "./draft";

/** A dialog of the panel, and what it is about. */
export type OpenDialog =
  | { kind: "add"; draft?: SecretDraft; notice?: string }
  | {
      kind: "edit";
      secret: SecretMetadata;
      replaceValue: boolean;
      draft?: SecretDraft;
      notice?: string;
      failure?: ApiError;
    }
  | { kind: "own"; secret: SecretMetadata }
  | { kind: "delete"; secret: SecretMetadata; seen?: SecretMetadata }
  | { kind: "delete-many"; secrets: readonly SecretMetadata[] }
  | { kind: "import"; text?: string; back?: SecretDraft };

/**
 * Which dialog is open, and where the focus goes when it closes.
 *
 * @param onOpen is called before the person opens one; the same function in every render
 * @param addButton gets the focus where what opened the dialog is gone
 */
export function useVaultDialogs(onOpen: () => void, addButton: RefObject<HTMLElement | null>) {
  const [dialog, setDialogState] = useState<(OpenDialog & { id: number }) | null>(null);
  const latest = useLatest(dialog);
  const opener = useRef<Element | null>(null);
  const lastId = useRef(0);
  // Each dialog has an id of its own, so that none takes over what was entered in another.
  const set = useCallback((next: OpenDialog | null) => {
    lastId.current += 1;
    setDialogState(next && { ...next, id: lastId.current });
  }, []);
  const open = useCallback(
    (next: OpenDialog) => {
      onOpen();
      opener.current = document.activeElement;
      set(next);
    },
    [onOpen, set],
  );
  const focusOpener = useCallback(
    (event: Event) => {
      event.preventDefault();
      const target = opener.current?.isConnected ? (opener.current as HTMLElement) : addButton.current;
      target?.focus();
    },
    [addButton],
  );
  return { dialog, latest, opener, set, open, close: () => set(null), focusOpener };
}
