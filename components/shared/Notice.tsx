import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/components/vault/ui/cn";

interface NoticeProps {
  /** Of the heading, so that an address and the focus can lead to it. */
  id: string;
  title: string;
  /** A warning unless it is quiet. */
  isQuiet?: boolean;
  className?: string;
  children: ReactNode;
}

/** A part of a page that asks somebody to act, with a heading. */
export function Notice({ id, title, isQuiet = false, className, children }: NoticeProps) {
  return (
    <section
      aria-labelledby={id}
      className={cn(
        "flex gap-3 rounded-xl border px-4 py-4 text-sm sm:px-5",
        isQuiet ? "bg-card" : "border-warning-foreground/25 bg-warning text-warning-foreground",
        className,
      )}
    >
      {!isQuiet && <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />}
      <div className="flex min-w-0 flex-1 flex-col gap-3">
        <h2 id={id} tabIndex={-1} className="scroll-mt-24 font-semibold focus-visible:outline-hidden">
          {title}
        </h2>
        {children}
      </div>
    </section>
  );
}
