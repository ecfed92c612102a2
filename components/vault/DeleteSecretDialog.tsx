"use client";

import {
  AlertDialog,
  AlertDialogCancel,
  AlertDialogContent,
  AlertDialogDescription,
  AlertDialogFooter,
  AlertDialogHeader,
  AlertDialogTitle,
} from "@/components/vault/ui/alert-dialog";
import { Button } from "@/components/vault/ui/button";
import type { SecretMetadata } from "@/lib/vault/types";
import { ChangeSince } from "./ChangeSince";

interface DeleteSecretDialogProps {
  secret: SecretMetadata;
  /** The secret as it was when somebody decided to delete it, if it was changed since. */
  seen: SecretMetadata | undefined;
  /** What will be different afterwards, in one sentence. */
  consequence: string;
  onDelete: () => void;
  onClose: () => void;
  onCloseAutoFocus: (event: Event) => void;
}

/** Asks before a secret is deleted, because its value cannot be brought back; and again where it is another one now. */
export function DeleteSecretDialog(props: DeleteSecretDialogProps) {
  const { secret, seen } = props;
  return (
    <AlertDialog open onOpenChange={(open) => !open && props.onClose()}>
      <AlertDialogContent onCloseAutoFocus={props.onCloseAutoFocus}>
        <AlertDialogHeader>
          <AlertDialogTitle>Delete {secret.key}?</AlertDialogTitle>
          <AlertDialogDescription>
            {seen && (
              <>
                <ChangeSince seen={seen} present={secret} />{" "}
              </>
            )}
            {props.consequence} {"This can't be undone."}
          </AlertDialogDescription>
        </AlertDialogHeader>
        <AlertDialogFooter>
          <AlertDialogCancel>{seen ? "Keep it" : "Cancel"}</AlertDialogCancel>
          <Button variant="destructive" onClick={props.onDelete}>
            {seen ? "Delete it anyway" : "Delete"}
          </Button>
        </AlertDialogFooter>
      </AlertDialogContent>
    </AlertDialog>
  );
}
