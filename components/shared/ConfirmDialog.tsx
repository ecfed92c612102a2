"use client";

import { type FormEvent, type ReactNode, useId, useRef, useState } from "react";
import { Failure } from "@/components/shared/Failure";
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
import { Input } from "@/components/vault/ui/input";
import { Label } from "@/components/vault/ui/label";
import { ApiError } from "@/lib/vault/http/client";

interface ConfirmDialogProps {
  title: string;
  /** What will be different afterwards. */
  children: ReactNode;
  /** The button's word, and the one while it is under way. */
  action: string;
  working: string;
  destructive?: boolean;
  /** A text that has to be typed first. */
  typed?: string;
  /** Resolves to a failure, which is shown, or to null, which closes the dialog. */
  onConfirm: () => Promise<ApiError | null>;
  onClose: () => void;
  /** Where the focus goes afterwards, if what opened the dialog will be gone. */
  focusAfter?: () => HTMLElement | null | undefined;
}

/** As a person reads it: neither the number of spaces nor how an accent is stored can be seen. */
const plain = (text: string) => text.trim().replace(/\s+/gu, " ").normalize();

/** Asks before something is done that cannot simply be undone. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const id = useId();
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const [text, setText] = useState("");
  const opener = useRef(document.activeElement as HTMLElement | null);
  const done = useRef(false);
  const input = useRef<HTMLInputElement>(null);

  async function confirm(event: FormEvent) {
    event.preventDefault();
    if (busy) return;
    if (props.typed !== undefined && plain(text) !== plain(props.typed)) {
      setFailure(new ApiError(0, "typed", "That doesn't match. Type it exactly as shown above."));
      input.current?.focus();
      return;
    }
    setBusy(true);
    setFailure(null);
    const refused = await props.onConfirm();
    setBusy(false);
    setFailure(refused);
    if (refused) return;
    done.current = true;
    props.onClose();
  }

  return (
    <AlertDialog open onOpenChange={(open) => !open && !busy && props.onClose()}>
      <AlertDialogContent
        onOpenAutoFocus={(event) => {
          if (!input.current) return;
          event.preventDefault();
          input.current.focus();
        }}
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          const next = done.current && props.focusAfter ? props.focusAfter() : opener.current;
          next?.focus();
        }}
      >
        <AlertDialogHeader>
          <AlertDialogTitle>{props.title}</AlertDialogTitle>
          <AlertDialogDescription className="[overflow-wrap:anywhere]">
            {props.children}
          </AlertDialogDescription>
        </AlertDialogHeader>
        <form onSubmit={confirm} noValidate className="flex flex-col gap-4">
          {props.typed !== undefined && (
            <div className="flex flex-col gap-2">
              <Label htmlFor={`${id}-typed`} className="block leading-snug [overflow-wrap:anywhere]">
                Type <strong>{props.typed}</strong> to confirm
              </Label>
              <Input
                ref={input}
                id={`${id}-typed`}
                value={text}
                onChange={(event) => setText(event.target.value)}
                autoComplete="off"
                spellCheck={false}
                aria-invalid={failure?.code === "typed"}
                aria-describedby={failure ? `${id}-failure` : undefined}
              />
            </div>
          )}
          <Failure id={`${id}-failure`} failure={failure} />
          <AlertDialogFooter>
            <AlertDialogCancel>Cancel</AlertDialogCancel>
            <Button
              type="submit"
              variant={props.destructive ? "destructive" : "default"}
              aria-disabled={busy}
            >
              {busy ? props.working : props.action}
            </Button>
          </AlertDialogFooter>
        </form>
      </AlertDialogContent>
    </AlertDialog>
  );
}
