import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { vaultProblem } from "../vault/errors";
import { getTeamRole } from "../vault/host";

/** Milliseconds between two looks: how long a call on the team's key may go on at most after a removal, and a moment. */
const EVERY_MS = 5_000;

const OUT = "You're no longer in this team, so the run on its key was stopped.";

/**
 * Watches, for as long as a call on a team's key takes, whether the person is still in the team.
 *
 * @param every milliseconds between two looks; tests are in a hurry
 * @returns a signal that aborts with the Problem team_not_found, and what ends the watch
 */
export function watchMembership(userId: string, teamId: string, every = EVERY_MS) {
  const out = new AbortController();
  const over = new AbortController();
  async function watch(): Promise<void> {
    while (!over.signal.aborted) {
      await sleep(every, undefined, { signal: over.signal, ref: false });
      // A database that does not answer says nothing of the membership.
      const role = await getTeamRole(userId, teamId).catch(() => undefined);
      if (role === null) return out.abort(vaultProblem("team_not_found", { detail: OUT }));
    }
  }
  // Sleeping ends with an error where the watch is over.
  watch().catch(() => {});
  return { signal: out.signal, end: () => over.abort() };
}
