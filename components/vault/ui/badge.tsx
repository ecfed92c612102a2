import { cva, type VariantProps } from "class-variance-authority";
import type * as React from "react";
import { cn } from "@/components/vault/ui/cn";
import { SUCCESS_FILL, SUCCESS_TEXT, WARNING_FILL, WARNING_TEXT } from "./colors";

const badgeVariants = cva(
  "inline-flex w-fit shrink-0 items-center justify-center gap-1 whitespace-nowrap rounded-md border px-2 py-0.5 text-xs font-medium [&>svg]:size-3",
  {
    variants: {
      variant: {
        default: "border-transparent bg-primary text-primary-foreground",
        secondary: "border-transparent bg-secondary text-secondary-foreground",
        success: ["border-transparent", SUCCESS_FILL, SUCCESS_TEXT],
        warning: ["border-transparent", WARNING_FILL, WARNING_TEXT],
        outline: "text-foreground",
      },
    },
    defaultVariants: { variant: "default" },
  },
);

function Badge({
  className,
  variant,
  ...props
}: React.ComponentProps<"span"> & VariantProps<typeof badgeVariants>) {
  return <span data-slot="badge" className={cn(badgeVariants({ variant }), className)} {...props} />;
}

export { Badge };
