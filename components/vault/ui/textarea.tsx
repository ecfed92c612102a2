import type * as React from "react";
import { cn } from "@/components/vault/ui/cn";
import { FIELD_FILL } from "./colors";
import { FIELD_FOCUS } from "./focus";

function Textarea({ className, ...props }: React.ComponentProps<"textarea">) {
  return (
    <textarea
      data-slot="textarea"
      className={cn(
        "[field-sizing:content] flex min-h-16 w-full rounded-md border border-input px-3 py-2 text-base shadow-[0_1px_2px_rgb(0_0_0/0.05)] transition-colors motion-reduce:transition-none placeholder:text-muted-foreground disabled:cursor-not-allowed disabled:opacity-50 md:text-sm",
        FIELD_FILL,
        FIELD_FOCUS,
        "aria-[invalid=true]:border-destructive aria-[invalid=true]:ring-destructive/30",
        className,
      )}
      {...props}
    />
  );
}

export { Textarea };
