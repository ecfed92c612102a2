import type { ReactNode } from "react";
import { Logo } from "@/components/layout/Logo";
import { Card } from "@/components/vault/ui/card";

/** A page of one card, for somebody who is on the way in. */
export function NarrowPage({ children }: { children: ReactNode }) {
  return (
    <main
      id="content"
      tabIndex={-1}
      className="mx-auto flex min-h-dvh w-full max-w-sm flex-col justify-center gap-6 px-4 py-10"
    >
      <Logo className="self-center" />
      <Card>{children}</Card>
    </main>
  );
}
