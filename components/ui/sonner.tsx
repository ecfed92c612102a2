"use client";

import { CircleAlert, CircleCheck, Info } from "lucide-react";
import type * as React from "react";
import { Toaster as Sonner, type ToasterProps } from "sonner";

function Toaster(props: ToasterProps) {
  return (
    <Sonner
      className="toaster group"
      icons={{
        success: <CircleCheck aria-hidden className="size-4 text-success-foreground" />,
        error: <CircleAlert aria-hidden className="size-4 text-destructive-text" />,
        info: <Info aria-hidden className="size-4" />,
      }}
      toastOptions={{ classNames: { description: "text-muted-foreground!" } }}
      style={
        {
          "--normal-bg": "var(--popover)",
          "--normal-text": "var(--popover-foreground)",
          "--normal-border": "var(--border)",
          "--border-radius": "var(--radius)",
        } as React.CSSProperties
      }
      {...props}
    />
  );
}

export { Toaster };
