"use client";

import { useRouter } from "next/navigation";
import { useCallback, useRef, useState } from "react";
import { toast } from "sonner";
import { type ApiError, asApiError } from "@/lib/vault/http/client";

/**
 * Runs a change, one at a time, and then reloads the page's data.
 *
 * @param meanwhile what someone else did in the meantime, by error code, in the words for the person who comes too late
 * @returns `run`, which resolves to the failure to show, or to null when it is done or when the person has been notified
 * that somebody else was faster; and whether one is under way
 */
export function useChange(meanwhile: Readonly<Record<string, string>>) {
  const router = useRouter();
  const running = useRef(false);
  const [busy, setBusy] = useState(false);

  const run = useCallback(
    async (work: () => Promise<void>): Promise<ApiError | null> => {
      if (running.current) return null;
      running.current = true;
      setBusy(true);
      try {
        await work();
      } catch (error) {
        const failure = asApiError(error);
        const told = meanwhile[failure.code];
        if (!told) return failure;
        toast.info(told);
      } finally {
        running.current = false;
        setBusy(false);
      }
      router.refresh();
      return null;
    },
    [router, meanwhile],
  );

  return { run, busy };
}
