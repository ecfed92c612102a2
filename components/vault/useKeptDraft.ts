"use client";

import { useEffect, useRef } from "react";
import type { SecretMetadata } from "@/lib/vault/types";
import { keepDraft, type SecretDraft, takeDraft } from "./draft";
import type { OpenDialog } from "./useVaultDialogs";

const VALUE_NOT_KEPT = "The value isn't kept when you sign in. Enter it again.";

interface Options {
  /** Names the person and the workspace. */
  place: string;
  /** Whether the person may add and change secrets; else no draft is taken. */
  canManage: boolean;
  /** As the page was loaded with them. */
  secrets: readonly SecretMetadata[];
  /** Opens the dialog; the same function in every render. */
  onResume: (dialog: OpenDialog) => void;
}

/** Opens the dialog again that the session had ended in. */
export function useKeptDraft({ place, canManage, secrets, onResume }: Options): void {
  const firstSecrets = useRef(secrets);
  useEffect(() => {
    const draft = canManage ? takeDraft(place) : null;
    if (draft) onResume(resume(draft, firstSecrets.current));
  }, [place, canManage, onResume]);
}

/**
 * Leads to where one signs in.
 *
 * @param place where the draft is wanted again
 * @param draft undefined where nothing is to be kept
 */
export function signInAgain(place: string, draft: SecretDraft | undefined): void {
  if (draft) keepDraft(place, draft);
  // The page itself leads there, and nothing of the ended session stays in memory.
  window.location.reload();
}

/** The dialog that a draft was made in, about the state that the person saw then. */
function resume(draft: SecretDraft, secrets: readonly SecretMetadata[]): OpenDialog {
  const { key, edit } = draft;
  if (!edit) return { kind: "add", draft, notice: VALUE_NOT_KEPT };
  const present = secrets.find((secret) => secret.key === key);
  if (!present) {
    const notice = `${key} was deleted while you were signed out. To add it again, enter its value.`;
    return { kind: "add", draft, notice };
  }
  const { withValue, ...seen } = edit;
  return {
    ...{ kind: "edit", secret: { ...present, ...seen }, replaceValue: withValue, draft },
    ...(withValue && { notice: VALUE_NOT_KEPT }),
  };
}
