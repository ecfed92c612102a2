import "server-only";
import { after } from "next/server";
import { alertOfSpending } from "../alerts/spending";
import { TELLING_MS } from "../webhooks/deliver";
import { tellOfRun } from "../webhooks/events";
import type { RunEnding } from "./ledger";

/** Below the 300 s that a host gives the request of a run, and what comes after it (`maxDuration`). */
const RUN_AND_TELLING_MS = 298_000;

/**
 * Does what follows a run once it is answered. Keeps the server from being suspended before the run's entry is written.
 *
 * @param finished of the run, see `openRun`
 */
export function afterRun(finished: Promise<RunEnding>): void {
  const began = performance.now();
  after(async () => {
    const ending = await finished;
    const left = Math.min(TELLING_MS, RUN_AND_TELLING_MS - (performance.now() - began));
    const { user_id: userId, team_id: teamId, source, is_limited } = ending;
    await Promise.all([
      tellOfRun(ending, left),
      is_limited && alertOfSpending({ userId, teamId, source }, undefined, left),
    ]);
  });
}
