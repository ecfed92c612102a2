import "server-only";
import { recordAccount } from "../activity/record";
import { countTurns } from "../vault/http/turns";

/** The limits on tries allow as many: five wrong passwords, and five wrong codes. */
const MOST = 10;
const WINDOW_MS = 5 * 60_000;

const takeTurn = countTurns(MOST, WINDOW_MS);

/**
 * Writes down, in a person's own activity, that their session was used with a wrong password or code: perhaps it is
 * stolen. Never throws. The limits on tries are what keeps the activity short; this one is for a day when they do not.
 */
export async function recordFailure(userId: string): Promise<void> {
  if (takeTurn(userId) === 0) await recordAccount(userId, "confirmation_failed");
}
