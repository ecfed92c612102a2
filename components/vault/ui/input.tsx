import type * as React from "react";
import { cn } from "@/components/vault/ui/cn";
import { FIELD_FILL } from "./colors";
import { FIELD_FOCUS } from "./focus";

function Input({ className, type, ...props }: React.ComponentProps<"input">) {
  return (
    <input
      type={type}
      data-slot="input"
      className={cn(
        "h-9 w-full min-w-0 rounded-md border border-input px-3 py-1.5 text-base leading-5 shadow-[0_1px_2px_rgb(0_0_0/0.05)] transition-colors motion-reduce:transition-none placeholder:text-muted-foreground disabled:cursor-not-allowed disabled:opacity-50 md:text-sm md:leading-5",
        FIELD_FILL,
        FIELD_FOCUS,
        "aria-[invalid=true]:border-destructive aria-[invalid=true]:ring-destructive/30",
        className,
      )}
      {...props}
    />
  );
}

export { Input };
