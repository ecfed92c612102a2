import type { ReactNode } from "react";

/** This app's own card, which has a heading. */
export function Card({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-4 rounded-lg border bg-card p-6 text-card-foreground">
      <h1>{heading}</h1>
      {children}
    </section>
  );
}
