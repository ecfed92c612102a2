import { ChevronDown } from "lucide-react";
import { type ReactNode, useId } from "react";
import { cn } from "./cn";
import { FOCUS_RING } from "./focus";

interface DisclosureProps {
  title: ReactNode;
  isOpen: boolean;
  onToggle: () => void;
  children: ReactNode;
}

/** A heading that opens and closes what is below it. */
export function Disclosure({ title, isOpen, onToggle, children }: DisclosureProps) {
  const id = useId();
  return (
    <div className="border-b last:border-b-0">
      <h3 className="flex">
        <button
          type="button"
          id={`${id}-title`}
          aria-expanded={isOpen}
          aria-controls={isOpen ? `${id}-content` : undefined}
          onClick={onToggle}
          className={cn(
            "group flex flex-1 items-center justify-between gap-4 rounded-md py-3 text-left text-sm font-medium transition-colors motion-reduce:transition-none",
            FOCUS_RING,
          )}
        >
          {title}
          <ChevronDown
            aria-hidden
            className="pointer-events-none size-4 shrink-0 text-muted-foreground transition-transform duration-150 group-aria-expanded:rotate-180 motion-reduce:transition-none"
          />
        </button>
      </h3>
      {isOpen && (
        <section id={`${id}-content`} aria-labelledby={`${id}-title`} className="pb-3 text-sm">
          {children}
        </section>
      )}
    </div>
  );
}
