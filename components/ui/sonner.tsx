"use client";

import { CircleAlert, CircleCheck, Info } from "lucide-react";
import type * as React from "react";
import { useEffect } from "react";
import { Toaster as Sonner, type ToasterProps, toast } from "sonner";
import { takeNotice } from "@/lib/notice";

function Toaster(props: ToasterProps) {
  // What the page before this one had to say, such as that a team is left.
  useEffect(() => {
    const notice = takeNotice();
    if (notice) toast.success(notice);
  }, []);
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
          fontFamily: "inherit",
        } as React.CSSProperties
      }
      {...props}
    />
  );
}

export { Toaster };
