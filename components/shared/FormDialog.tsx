"use client";

import { type FormEvent, type ReactNode, useRef } from "react";
import { Button } from "@/components/vault/ui/button";
import {
  Dialog,
  DialogClose,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from "@/components/vault/ui/dialog";

interface FormDialogProps {
  title: string;
  description: string;
  /** While it is under way, the dialog stays. */
  busy: boolean;
  onSubmit: (event: FormEvent) => void;
  onInput?: () => void;
  onClose: () => void;
  /** The fields. */
  children: ReactNode;
  /** A button beside Cancel and Save. */
  action?: ReactNode;
}

/** A form to save, in a dialog. The focus goes back to what opened it. */
export function FormDialog(props: FormDialogProps) {
  const { title, description, busy, onSubmit, onInput, onClose, children, action } = props;
  const opener = useRef(document.activeElement as HTMLElement | null);
  return (
    <Dialog open onOpenChange={(open) => !open && !busy && onClose()}>
      <DialogContent
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          opener.current?.focus();
        }}
      >
        <DialogHeader>
          <DialogTitle className="[overflow-wrap:anywhere]">{title}</DialogTitle>
          <DialogDescription>{description}</DialogDescription>
        </DialogHeader>
        <form onSubmit={onSubmit} onInput={onInput} noValidate className="flex flex-col gap-4">
          {children}
          <DialogFooter>
            {action}
            <DialogClose>Cancel</DialogClose>
            <Button type="submit" aria-disabled={busy}>
              {busy ? "Saving…" : "Save"}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
