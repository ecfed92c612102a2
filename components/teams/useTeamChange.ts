"use client";

import { useRouter } from "next/navigation";
import { useCallback, useRef, useState } from "react";
import { toast } from "sonner";
import { type ApiError, asApiError } from "@/lib/vault/http/client";

/** What somebody else did meanwhile, as the person who comes too late is told. */
const MEANWHILE: Record<string, string> = {
  team_not_found: "You are not in this team any more, or it was deleted.",
  team_role_required: "You are not an admin of this team any more.",
  member_not_found: "This person is not in the team any more.",
  invite_not_found: "This link was used or taken back meanwhile.",
};

/**
 * Runs a change of the team, one at a time, and then loads what the page shows anew.
 *
 * @returns `run`, which resolves to the failure to show, or to null when it is done or when the person was told
 * that somebody else was faster; and whether one is under way
 */
export function useTeamChange() {
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
        const told = MEANWHILE[failure.code];
        if (!told) return failure;
        toast.info(told);
      } finally {
        running.current = false;
        setBusy(false);
      }
      router.refresh();
      return null;
    },
    [router],
  );

  return { run, busy };
}
