"use client";

import { useState } from "react";
import { Alert, AlertDescription } from "@/components/ui/alert";
import {
  AlertDialog,
  AlertDialogCancel,
  AlertDialogContent,
  AlertDialogDescription,
  AlertDialogFooter,
  AlertDialogHeader,
  AlertDialogTitle,
} from "@/components/ui/alert-dialog";
import { Button } from "@/components/ui/button";
import { ApiError, callApi } from "@/lib/http/client";
import type { SecretMetadata } from "@/lib/vault/types";

interface DeleteSecretDialogProps {
  secret: SecretMetadata;
  /** What will be different afterwards, in one sentence. */
  consequence: string;
  onDeleted: () => void;
  onClose: () => void;
  onCloseAutoFocus: (event: Event) => void;
}

/** Asks before a secret is deleted, because its value cannot be brought back. */
export function DeleteSecretDialog(props: DeleteSecretDialogProps) {
  const { secret, consequence, onDeleted, onClose, onCloseAutoFocus } = props;
  const [deleting, setDeleting] = useState(false);
  const [error, setError] = useState<string | null>(null);

  async function remove() {
    setDeleting(true);
    setError(null);
    try {
      await callApi("DELETE", `/api/vault?key=${secret.key}`);
      onDeleted();
    } catch (failure) {
      // Deleted in another window: what was wanted is so.
      if (failure instanceof ApiError && failure.code === "secret_not_found") return onDeleted();
      setError(failure instanceof ApiError ? failure.message : "That did not work. Try again.");
      setDeleting(false);
    }
  }

  return (
    <AlertDialog open onOpenChange={(open) => !open && onClose()}>
      <AlertDialogContent onCloseAutoFocus={onCloseAutoFocus}>
        <AlertDialogHeader>
          <AlertDialogTitle>Delete {secret.key}?</AlertDialogTitle>
          <AlertDialogDescription>{consequence} The value cannot be brought back.</AlertDialogDescription>
        </AlertDialogHeader>
        {error && (
          <Alert variant="destructive">
            <AlertDescription>{error}</AlertDescription>
          </Alert>
        )}
        <AlertDialogFooter>
          <AlertDialogCancel asChild>
            <Button variant="outline">Cancel</Button>
          </AlertDialogCancel>
          <Button variant="destructive" onClick={remove} disabled={deleting}>
            {deleting ? "Deleting…" : "Delete"}
          </Button>
        </AlertDialogFooter>
      </AlertDialogContent>
    </AlertDialog>
  );
}
