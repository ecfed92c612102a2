"use client";

import type { VariantProps } from "class-variance-authority";
import { X } from "lucide-react";
import { Dialog as DialogPrimitive } from "radix-ui";
import type * as React from "react";
import { cn } from "@/components/vault/ui/cn";
import { buttonVariants } from "./button";
import { DESCRIPTION, FOOTER, OVERLAY, PANEL, TITLE } from "./dialogStyles";
import { FOCUS_RING } from "./focus";
import { DialogBody, useDiscardGuard } from "./useDiscardGuard";

type DialogProps = React.ComponentProps<typeof DialogPrimitive.Root> & {
  /** Whether closing it loses more than what its fields hold. */
  isUnsaved?: boolean;
};

/** Asks before it closes and loses what was typed: see useDiscardGuard. */
function Dialog({ isUnsaved = false, ...props }: DialogProps) {
  const { guarded, onOpenChange } = useDiscardGuard(isUnsaved, props.onOpenChange);
  return guarded(<DialogPrimitive.Root data-slot="dialog" {...props} onOpenChange={onOpenChange} />);
}

/** A button that closes it. */
function DialogClose({
  className,
  variant = "outline",
  ...props
}: React.ComponentProps<typeof DialogPrimitive.Close> & VariantProps<typeof buttonVariants>) {
  return (
    <DialogPrimitive.Close
      data-slot="dialog-close"
      className={cn(buttonVariants({ variant }), className)}
      {...props}
    />
  );
}

function DialogContent({
  className,
  children,
  ...props
}: React.ComponentProps<typeof DialogPrimitive.Content>) {
  return (
    <DialogPrimitive.Portal>
      <DialogPrimitive.Overlay data-slot="dialog-overlay" className={OVERLAY} />
      <DialogPrimitive.Content
        data-slot="dialog-content"
        className={cn(PANEL, className)}
        onInteractOutside={(event) => {
          // A toast lies outside, and its button is no wish to close the dialog.
          const target = event.detail.originalEvent.target;
          if (target instanceof Element && target.closest("[data-sonner-toaster]")) event.preventDefault();
        }}
        {...props}
      >
        <DialogBody>{children}</DialogBody>
        <DialogPrimitive.Close
          aria-label="Close"
          className={cn(
            "absolute top-4 right-4 z-20 grid size-8 place-items-center rounded-md text-muted-foreground transition-colors motion-reduce:transition-none hover:text-foreground",
            FOCUS_RING,
          )}
        >
          <X aria-hidden className="size-4" />
        </DialogPrimitive.Close>
      </DialogPrimitive.Content>
    </DialogPrimitive.Portal>
  );
}

/** The title and the description. It has no box of its own, so that the title can stay while the rest scrolls. */
function DialogHeader({ className, ...props }: React.ComponentProps<"div">) {
  return <div data-slot="dialog-header" className={cn("contents", className)} {...props} />;
}

/** The buttons, in sight however long the dialog is. */
function DialogFooter({ className, ...props }: React.ComponentProps<"div">) {
  return <div data-slot="dialog-footer" className={cn(FOOTER, className)} {...props} />;
}

function DialogTitle({ className, ...props }: React.ComponentProps<typeof DialogPrimitive.Title>) {
  return (
    <DialogPrimitive.Title data-slot="dialog-title" className={cn(TITLE, "pr-14", className)} {...props} />
  );
}

function DialogDescription({
  className,
  ...props
}: React.ComponentProps<typeof DialogPrimitive.Description>) {
  return (
    <DialogPrimitive.Description
      data-slot="dialog-description"
      className={cn(DESCRIPTION, className)}
      {...props}
    />
  );
}

export { Dialog, DialogClose, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle };
