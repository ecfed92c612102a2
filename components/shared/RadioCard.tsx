import type { ComponentProps, ReactNode } from "react";

/** One of several choices, with what it means. */
export function RadioCard({ children, ...input }: ComponentProps<"input"> & { children: ReactNode }) {
  return (
    <label className="flex cursor-pointer gap-3 rounded-lg border p-3 text-sm transition-colors has-checked:border-primary has-checked:bg-accent has-focus-visible:outline-hidden has-focus-visible:ring-[3px] has-focus-visible:ring-ring/60 motion-reduce:transition-none">
      <input
        type="radio"
        className="mt-0.5 size-4 shrink-0 accent-primary focus-visible:outline-hidden"
        {...input}
      />
      {children}
    </label>
  );
}

/** A choice's name and what it means. */
export function Choice({ label, detail }: { label: string; detail: string }) {
  return (
    <span className="flex flex-col gap-0.5 text-sm">
      <span className="font-medium">{label}</span>
      <span className="text-muted-foreground">{detail}</span>
    </span>
  );
}
