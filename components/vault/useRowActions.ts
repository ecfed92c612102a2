"use client";

import { useCallback, useState } from "react";
import type { SecretMetadata } from "@/lib/vault/types";
import type { RowAction } from "./rowRights";
import type { useVaultActions } from "./useVaultActions";
import type { OpenDialog } from "./useVaultDialogs";

/**
 * What a row's buttons and its menu do, and whose menu is open. The functions are the same in every render, as otherwise
 * every row would be rendered for a change of one.
 *
 * @param onDialog opens a dialog; the same function in every render
 * @param onSelect selects a key, or no longer; the same function in every render
 */
export function useRowActions(
  { show, hide, copy, check }: ReturnType<typeof useVaultActions>,
  onDialog: (dialog: OpenDialog) => void,
  onSelect: (key: string) => void,
) {
  const [menu, setMenu] = useState<{ key: string; button: HTMLElement } | null>(null);
  const act = useCallback(
    (action: RowAction, secret: SecretMetadata) => {
      if (action === "show") void show(secret);
      else if (action === "hide") hide();
      else if (action === "copy") void copy(secret);
      else if (action === "check") void check(secret);
      else if (action === "delete") onDialog({ kind: "delete", secret });
      else if (action === "select") onSelect(secret.key);
      else if (action === "use-own") onDialog({ kind: "own", secret });
      else onDialog({ kind: "edit", secret, replaceValue: action === "enter-again" });
    },
    [show, hide, copy, check, onDialog, onSelect],
  );
  /** Opens the menu that a button is for, or closes it. */
  const toggleMenu = useCallback(
    ({ key }: SecretMetadata, button: HTMLElement) =>
      setMenu((current) => (current?.key === key ? null : { key, button })),
    [],
  );
  return { act, menu, toggleMenu, closeMenu: () => setMenu(null) };
}
