import type { ReactNode } from "react";
import { cn } from "@/components/vault/ui/cn";

interface ScrollBoxProps {
  /** What is in it, for screen readers. */
  label: string;
  className?: string;
  children: ReactNode;
}

/** A part that scrolls by itself, so that what is around it stays on the screen; with the keyboard, too. */
export function ScrollBox({ label, className, children }: ScrollBoxProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset has form controls
    <div
      role="group"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
      tabIndex={0}
      className={cn(
        "max-h-[min(60vh,32rem)] overflow-y-auto rounded-md outline-none focus-visible:ring-[3px] focus-visible:ring-ring/60 print:max-h-none",
        className,
      )}
    >
      {children}
    </div>
  );
}
