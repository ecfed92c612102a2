import type { ReactNode } from "react";

/** A part that scrolls by itself, so that what is around it stays on the screen; with the keyboard, too. */
export function ScrollBox({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset has form controls
    <div
      role="group"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
      tabIndex={0}
      className="max-h-[min(36rem,55dvh)] overflow-y-auto rounded-md outline-none focus-visible:ring-[3px] focus-visible:ring-ring/60"
    >
      {children}
    </div>
  );
}
