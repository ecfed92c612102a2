import { type ReactNode, type Ref, useImperativeHandle, useRef } from "react";
import { cn } from "@/components/vault/ui/cn";
import { useOverflow } from "./useOverflow";

interface ScrolledSidewaysProps {
  label: string;
  className?: string;
  ref?: Ref<HTMLDivElement>;
  children: ReactNode;
}

/** Something wide that scrolls by itself, with the keyboard too: it takes the focus where it is too wide. */
export function ScrolledSideways({ label, className, ref, children }: ScrolledSidewaysProps) {
  const box = useRef<HTMLDivElement>(null);
  useImperativeHandle(ref, () => box.current as HTMLDivElement, []);
  const isWide = useOverflow(box, "width");
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset groups fields
    <div
      ref={box}
      role="group"
      aria-label={label}
      tabIndex={isWide ? 0 : undefined}
      className={cn(
        "overflow-x-auto focus-visible:outline-hidden focus-visible:ring-[3px] focus-visible:ring-ring/60",
        className,
      )}
    >
      {children}
    </div>
  );
}
