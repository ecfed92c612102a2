"use client";

import { useCallback, useState } from "react";
import { useComeBack } from "@/components/shared/useComeBack";
import type { Payers } from "@/lib/reveal/types";
import { ApiError, callApi } from "@/lib/vault/http/client";

/**
 * Who could pay, as the server last said: asked anew whenever the window is come back to, because keys and
 * rules are changed elsewhere too.
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
    } catch (error) {
      // Whatever else it is, the next run will say it.
      if (error instanceof ApiError && error.code === "team_not_found") setIsOut(true);
    }
  }, [teamId]);

  useComeBack(refresh);
  return { payers, isOut, refresh };
}
