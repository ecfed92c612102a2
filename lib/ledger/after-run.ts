import "server-only";
import { tellOfExpiring } from "../alerts/expiring";
import { noteVerdict } from "../alerts/refused-key";
import { alertOfSpending } from "../alerts/spending";
import { hourly } from "../vault/hourly";
import type { Owner } from "../vault/types";
import { afterReply } from "../vault-usage/after-reply";
import type { OpenRun, RunEnding } from "../vault-usage/entry";
import { KEY_RESULTS } from "../vault-usage/types";
import { TELLING_MS } from "../webhooks/deliver";
import { tellOfRun } from "../webhooks/events";

/** Below the 300 s that a host gives the request of a run, and what comes after it (`maxDuration`). */
const RUN_AND_TELLING_MS = 298_000;

/**
 * Does what follows a run once it is answered. Keeps the server from being suspended before the run's entry is written.
 *
 * @param readAt when its key was about to be read
 */
export function afterRun({ finished, isLimited }: OpenRun, readAt: Date): void {
  const began = performance.now();
  afterReply(async () => {
    const ending = await finished;
    const left = Math.min(TELLING_MS, RUN_AND_TELLING_MS - (performance.now() - began));
    const { user_id: userId, team_id: teamId, source } = ending;
    await Promise.all([
      tellOfRun(ending, left),
      isLimited && alertOfSpending({ userId, teamId, source }, undefined, left),
      noteKey(ending, readAt, left),
    ]);
  });
}

const looks = hourly();

/** Nobody can replace the platform's key in a vault. */
async function noteKey(ending: RunEnding, readAt: Date, left: number): Promise<void> {
  const { user_id, team_id, source, status, key } = ending;
  const result = KEY_RESULTS.get(status);
  const id = source === "user" ? user_id : team_id;
  if (source === "env" || id === null) return;
  const owner: Owner = { type: source, id };
  // A job's doings are its team's.
  const userId = user_id ?? id;
  const isRefused = result === "refused";
  await Promise.all([
    (result === "worked" || isRefused) &&
      noteVerdict({ userId, owner, key, isRefused, readAt, source: "run" }, left),
    looks.isDue(`${source} ${id}`) && tellOfExpiring(userId, owner, left),
  ]);
}
