import { cva } from "class-variance-authority";
import type { ReactNode } from "react";
import { cn } from "@/lib/utils";

const styles = cva("rounded-md px-2", { variants: { tone: { calm: "bg-muted", loud: "bg-primary" } } });

/** This app's own badge, with tones of its own. */
export function Badge({ tone, children }: { tone: "calm" | "loud"; children: ReactNode }) {
  return <em className={cn(styles({ tone }), "py-1")}>{children}</em>;
}
