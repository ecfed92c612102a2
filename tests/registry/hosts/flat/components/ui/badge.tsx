import type { ReactNode } from "react";

/** This app's own badge, with tones of its own. */
export function Badge({ tone, children }: { tone: "calm" | "loud"; children: ReactNode }) {
  return <em className={tone === "loud" ? "font-bold" : undefined}>{children}</em>;
}
