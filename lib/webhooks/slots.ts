import "server-only";
import limitFunction, { type LimitFunction } from "p-limit";
import { webhookProblem } from "./errors";

// How many attempts are under way at once, in this process. Without a limit, twenty webhooks that never answer and a
// few dozen changes would take the connections and the database from everybody else.

const OF_ALL = 30;
const OF_ONE_OWNER = 5;
/** Attempts of one owner that may wait for a slot. */
const WAITING_OF_ONE_OWNER = 100;

const all = limitFunction(OF_ALL);
const owners = new Map<string, LimitFunction>();

/**
 * Does something once there is a slot for its owner.
 *
 * @throws Problem webhooks_unavailable if too much of that owner's is waiting already
 */
export async function inSlot<Result>(ownerId: string, work: () => Promise<Result>): Promise<Result> {
  const own = owners.get(ownerId) ?? limitFunction(OF_ONE_OWNER);
  if (own.pendingCount >= WAITING_OF_ONE_OWNER) {
    throw webhookProblem("webhooks_unavailable", { cause: { name: "TooManyDeliveries" } });
  }
  owners.set(ownerId, own);
  try {
    return await own(() => all(work));
  } finally {
    if (own.activeCount + own.pendingCount === 0) owners.delete(ownerId);
  }
}
