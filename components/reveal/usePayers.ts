"use client";

import { useRouter } from "next/navigation";
import { useCallback, useEffect, useState } from "react";
import { useComeBack } from "@/components/vault/useComeBack";
import type { Payers } from "@/lib/reveal/types";
import { callApi, watchProblems } from "@/lib/vault/http/client";

/**
 * Who could pay, as the server last said: asked again whenever the window gets focus, because keys and
 * rules are changed elsewhere too. Any request of the page may be the one that is answered with what has become of the
 * membership.
 *
 * @returns also whether the person turned out to have left the team, and a function that asks now
 */
export function usePayers(teamId: string | null, initial: Payers) {
  const [payers, setPayers] = useState(initial);
  const [isOut, setIsOut] = useState(false);

  const refresh = useCallback(async () => {
    const path = teamId === null ? "/api/reveal/payers" : `/api/reveal/payers?team_id=${teamId}`;
    try {
      setPayers(await callApi<Payers>("GET", path));
    } catch {
      // Whatever it is, the next run will say it.
    }
  }, [teamId]);

  const router = useRouter();
  useEffect(() => {
    if (teamId === null) return;
    return watchProblems((code) => {
      if (code === "team_not_found") setIsOut(true);
      // An admin who is one no longer: the page is rendered for a member.
      if (code === "team_role_required") router.refresh();
    });
  }, [teamId, router]);

  useComeBack(refresh);
  return { payers, isOut, refresh };
}
