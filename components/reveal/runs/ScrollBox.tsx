import type { ReactNode } from "react";
import { cn } from "@/components/vault/ui/cn";
import { ANSWER_BOX } from "../answer/box";

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
      className={cn(ANSWER_BOX, className)}
    >
      {children}
    </div>
  );
}
