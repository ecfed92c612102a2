import { Vault } from "lucide-react";
import { cn } from "@/components/vault/ui/cn";

/** @param compact leaves the name to screen readers where there is little room */
export function Logo({ className, compact = false }: { className?: string; compact?: boolean }) {
  return (
    <span
      className={cn(
        "flex shrink-0 items-center gap-2 whitespace-nowrap font-semibold tracking-tight",
        className,
      )}
    >
      <span className="grid size-7 place-items-center rounded-md bg-primary text-primary-foreground">
        <Vault aria-hidden className="size-4" />
      </span>
      <span className={compact ? "sr-only sm:not-sr-only" : undefined}>Command Center</span>
    </span>
  );
}
