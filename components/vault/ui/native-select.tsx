import { ChevronDown } from "lucide-react";
import type * as React from "react";
import { cn } from "@/components/vault/ui/cn";
import { FIELD_FILL } from "./colors";
import { FIELD_FOCUS } from "./focus";

function NativeSelect({ className, ...props }: React.ComponentProps<"select">) {
  return (
    <div data-slot="native-select-wrapper" className="relative w-full">
      <select
        data-slot="native-select"
        className={cn(
          "h-9 w-full appearance-none rounded-md border border-input px-3 pr-9 text-base shadow-[0_1px_2px_rgb(0_0_0/0.05)] transition-colors motion-reduce:transition-none disabled:opacity-50 md:text-sm",
          FIELD_FILL,
          FIELD_FOCUS,
          className,
        )}
        {...props}
      />
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-3 size-4 -translate-y-1/2 text-muted-foreground"
      />
    </div>
  );
}

export { NativeSelect };
