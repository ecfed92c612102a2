"use client";

import { Button } from "@/components/vault/ui/button";

/** What a page shows when its server part failed: no details, and a way on. */
export default function PageError({ reset }: { error: Error; reset: () => void }) {
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col items-start justify-center gap-4 px-6">
      <h1 className="text-xl font-semibold">This page cannot be shown right now</h1>
      <p className="text-muted-foreground">
        The server or its database did not answer. Nothing was changed. Wait a moment, then try again.
      </p>
      <Button onClick={reset}>Try again</Button>
    </main>
  );
}
