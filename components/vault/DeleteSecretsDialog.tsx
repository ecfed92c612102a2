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

interface DeleteSecretsDialogProps {
  secrets: readonly SecretMetadata[];
  /** What will be different without one of them, in one sentence; undefined for nothing. */
  consequenceOf: (key: string) => string | undefined;
  onDelete: () => void;
  onClose: () => void;
  onCloseAutoFocus: (event: Event) => void;
}

/** Asks once before several secrets are deleted, and names all of them. */
export function DeleteSecretsDialog(props: DeleteSecretsDialogProps) {
  const { secrets } = props;
  const count = `${secrets.length} ${secrets.length === 1 ? "secret" : "secrets"}`;
  return (
    <AlertDialog open onOpenChange={(open) => !open && props.onClose()}>
      <AlertDialogContent onCloseAutoFocus={props.onCloseAutoFocus}>
        <AlertDialogHeader>
          <AlertDialogTitle>Delete {count}?</AlertDialogTitle>
          <AlertDialogDescription>This can&apos;t be undone.</AlertDialogDescription>
        </AlertDialogHeader>
        <ul className="divide-y rounded-md border text-sm">
          {secrets.map(({ key }) => (
            <li key={key} className="px-3 py-1.5">
              <span className="font-mono [overflow-wrap:anywhere]">{key}</span>
              <span className="block text-muted-foreground">{props.consequenceOf(key)}</span>
            </li>
          ))}
        </ul>
        <AlertDialogFooter>
          <AlertDialogCancel>Cancel</AlertDialogCancel>
          <Button variant="destructive" onClick={props.onDelete}>
            Delete {count}
          </Button>
        </AlertDialogFooter>
      </AlertDialogContent>
    </AlertDialog>
  );
}
