"use client";

import { type ComponentType, useEffect, useState } from "react";

const RETRY_AFTER_MS = 5_000;

/** Where toasts appear. It loads once the page works, because toasts from before that are shown then too. */
export function LateToaster() {
  const [Toaster, setToaster] = useState<ComponentType | null>(null);
  useEffect(() => {
    let retry: ReturnType<typeof setTimeout> | undefined;
    const load = () =>
      import("@/components/ui/sonner").then(
        (loaded) => setToaster(() => loaded.Toaster),
        () => {
          retry = setTimeout(load, RETRY_AFTER_MS);
        },
      );
    void load();
    return () => clearTimeout(retry);
  }, []);
  return Toaster && <Toaster />;
}
