"use client";

import { useEffect, useTransition } from "react";
import { Button } from "@/components/vault/ui/button";

const TITLE = "Page unavailable — Command Center";

/** What a page shows when its server part failed: no details, and a way on, which asks the server again. */
export default function PageError({ retry }: { error: unknown; retry: () => void }) {
  useEffect(() => {
    // What a client component renders cannot set it in the page's metadata.
    const { title } = document;
    document.title = TITLE;
    return () => {
      if (document.title === TITLE) document.title = title;
    };
  }, []);
  const [isTrying, startTrying] = useTransition();
  return (
    <main
      id="content"
      tabIndex={-1}
      className="mx-auto flex min-h-dvh max-w-md flex-col items-start justify-center gap-4 px-6"
    >
      <h1 className="text-balance text-xl font-semibold">This page can't be shown right now</h1>
      <p className="text-pretty text-muted-foreground">
        The server or its database didn't respond. Nothing was changed. Wait a moment, then try again.
      </p>
      <Button aria-busy={isTrying} onClick={() => startTrying(retry)}>
        {isTrying ? "Trying again…" : "Try again"}
      </Button>
    </main>
  );
}
