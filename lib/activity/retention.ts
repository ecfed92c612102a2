import "server-only";
import { after } from "next/server";
import { env } from "../env";
import { adminClient } from "../supabase/admin";
import { vaultProblem } from "../vault/errors";
import { logProblem } from "../vault/http/log";
import { countTurns } from "../vault/http/turns";
import type { Owner } from "../vault/types";

const A_DAY_MS = 86_400_000;
const AN_HOUR_MS = 3_600_000;
/** So many are forgotten at a time, as in forget_activity. */
const BATCH = 1_000;

/** Since when events are kept, as ISO 8601; undefined where they are for as long as the account or the team. */
export function keptSince(): string | undefined {
  const days = env().activityRetentionDays;
  return days === null ? undefined : new Date(Date.now() - days * A_DAY_MS).toISOString();
}

const takeTurn = countTurns(1, AN_HOUR_MS);

/**
 * Has the database forget what is older than the operator keeps, after the reply, and for each owner once an hour. Until
 * then it is there, but nobody is shown it. A failure costs no reader anything, and leaves the operator a line.
 */
export function forgetOldEvents(owner: Owner): void {
  const days = env().activityRetentionDays;
  if (days === null || takeTurn(owner.id) > 0) return;
  after(async () => {
    for (let forgotten = BATCH; forgotten === BATCH; ) {
      const { data, error } = await adminClient()
        .rpc("forget_activity", { for_type: owner.type, for_owner: owner.id, keep_days: days })
        .single();
      if (error) return logProblem(vaultProblem("vault_unavailable", { cause: error }));
      forgotten = data.forgotten ?? 0;
    }
  });
}
