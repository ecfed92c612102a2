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

interface DeleteSecretDialogProps {
  name: string;
  /** What will be different afterwards, in one sentence. */
  consequence: string;
  onDelete: () => void;
  onClose: () => void;
  onCloseAutoFocus: (event: Event) => void;
}

/** Asks before a secret is deleted, because its value cannot be brought back. */
export function DeleteSecretDialog(props: DeleteSecretDialogProps) {
  return (
    <AlertDialog open onOpenChange={(open) => !open && props.onClose()}>
      <AlertDialogContent onCloseAutoFocus={props.onCloseAutoFocus}>
        <AlertDialogHeader>
          <AlertDialogTitle>Delete {props.name}?</AlertDialogTitle>
          <AlertDialogDescription>
            {props.consequence} The value cannot be brought back.
          </AlertDialogDescription>
        </AlertDialogHeader>
        <AlertDialogFooter>
          <AlertDialogCancel asChild>
            <Button variant="outline">Cancel</Button>
          </AlertDialogCancel>
          <Button variant="destructive" onClick={props.onDelete}>
            Delete
          </Button>
        </AlertDialogFooter>
      </AlertDialogContent>
    </AlertDialog>
  );
}
