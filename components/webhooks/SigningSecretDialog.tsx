"use client";

import { ExternalLink } from "lucide-react";
import { useEffect, useState } from "react";
import { ShownOnceField } from "@/components/shared/ShownOnceField";
import {
  Dialog,
  DialogClose,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from "@/components/vault/ui/dialog";

interface SigningSecretDialogProps {
  secret: string;
  onClose: () => void;
  onCloseAutoFocus: (event: Event) => void;
}

/** Shows a signing secret, this once. Until it is copied, only its own buttons close it, and leaving the page asks. */
export function SigningSecretDialog({ secret, onClose, onCloseAutoFocus }: SigningSecretDialogProps) {
  const [isCopied, setIsCopied] = useState(false);
  const [wasHeld, setWasHeld] = useState(false);

  useEffect(() => {
    if (isCopied) return;
    const ask = (event: Event) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [isCopied]);

  function hold(event: Event) {
    if (isCopied) return;
    event.preventDefault();
    setWasHeld(true);
  }

  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        onCloseAutoFocus={onCloseAutoFocus}
        onEscapeKeyDown={hold}
        // Never by a click outside, where the toast that it is copied appears.
        onInteractOutside={(event) => event.preventDefault()}
      >
        <DialogHeader>
          <DialogTitle>Signing secret</DialogTitle>
          <DialogDescription>
            Every message is signed with it, so your receiver can tell genuine messages from forged ones.
          </DialogDescription>
        </DialogHeader>
        <ShownOnceField
          label="Signing secret"
          what="signing secret"
          value={secret}
          hint="You won't be able to see it again. Store it only where your receiver runs."
          onCopied={() => setIsCopied(true)}
        />
        <p role="status" className="text-sm text-warning-foreground empty:hidden">
          {wasHeld && !isCopied && "Not copied yet. You can't see it again after you select Done."}
        </p>
        <div className="flex flex-col gap-2 text-sm">
          <p>Messages follow Standard Webhooks. There are libraries for most languages; in JavaScript:</p>
          <pre className="rounded-md bg-muted px-3 py-2 font-mono text-xs leading-5 whitespace-pre-wrap [overflow-wrap:anywhere]">
            new Webhook(secret).verify(body, headers)
          </pre>
          <a
            className="inline-flex w-fit items-center gap-1 underline underline-offset-4"
            href="https://www.standardwebhooks.com"
            target="_blank"
            rel="noreferrer"
          >
            About Standard Webhooks
            <ExternalLink aria-hidden className="size-3.5" />
            <span className="sr-only">(opens in a new tab)</span>
          </a>
        </div>
        <DialogFooter>
          <DialogClose variant={isCopied ? "default" : "outline"}>Done</DialogClose>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}
