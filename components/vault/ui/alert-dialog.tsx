"use client";

import { AlertDialog as AlertDialogPrimitive } from "radix-ui";
import type * as React from "react";
import { cn } from "@/components/vault/ui/cn";
import { buttonVariants } from "./button";
import { DESCRIPTION, FOOTER, OVERLAY, PANEL, TITLE } from "./dialogStyles";
import { DialogBody, useDiscardGuard } from "./useDiscardGuard";

/** Asks before it closes and loses what was typed: see useDiscardGuard. */
function AlertDialog(props: React.ComponentProps<typeof AlertDialogPrimitive.Root>) {
  const { guarded, onOpenChange } = useDiscardGuard(false, props.onOpenChange);
  return guarded(
    <AlertDialogPrimitive.Root data-slot="alert-dialog" {...props} onOpenChange={onOpenChange} />,
  );
}

function AlertDialogContent({
  className,
  children,
  ...props
}: React.ComponentProps<typeof AlertDialogPrimitive.Content>) {
  return (
    <AlertDialogPrimitive.Portal>
      <AlertDialogPrimitive.Overlay data-slot="alert-dialog-overlay" className={OVERLAY} />
      <AlertDialogPrimitive.Content
        data-slot="alert-dialog-content"
        className={cn(PANEL, className)}
        {...props}
      >
        <DialogBody>{children}</DialogBody>
      </AlertDialogPrimitive.Content>
    </AlertDialogPrimitive.Portal>
  );
}

/** The title and the description. It has no box of its own, so that the title can stay while the rest scrolls. */
function AlertDialogHeader({ className, ...props }: React.ComponentProps<"div">) {
  return <div data-slot="alert-dialog-header" className={cn("contents", className)} {...props} />;
}

/** The buttons, in sight however long the dialog is. */
function AlertDialogFooter({ className, ...props }: React.ComponentProps<"div">) {
  return <div data-slot="alert-dialog-footer" className={cn(FOOTER, className)} {...props} />;
}

function AlertDialogTitle({ className, ...props }: React.ComponentProps<typeof AlertDialogPrimitive.Title>) {
  return (
    <AlertDialogPrimitive.Title data-slot="alert-dialog-title" className={cn(TITLE, className)} {...props} />
  );
}

function AlertDialogDescription({
  className,
  ...props
}: React.ComponentProps<typeof AlertDialogPrimitive.Description>) {
  return (
    <AlertDialogPrimitive.Description
      data-slot="alert-dialog-description"
      className={cn(DESCRIPTION, className)}
      {...props}
    />
  );
}

/** The button that leaves everything as it is. */
function AlertDialogCancel({
  className,
  ...props
}: React.ComponentProps<typeof AlertDialogPrimitive.Cancel>) {
  return (
    <AlertDialogPrimitive.Cancel
      data-slot="alert-dialog-cancel"
      className={cn(buttonVariants({ variant: "outline" }), className)}
      {...props}
    />
  );
}

export {
  AlertDialog,
  AlertDialogCancel,
  AlertDialogContent,
  AlertDialogDescription,
  AlertDialogFooter,
  AlertDialogHeader,
  AlertDialogTitle,
};
