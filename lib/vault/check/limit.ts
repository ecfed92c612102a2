import "server-only";
import { vaultProblem } from "../errors";

const MOST = 6;
const WINDOW_MS = 60_000;
/** So that the map stays below a few MB, however many people there are. */
const MOST_PEOPLE = 10_000;

// In the memory of this process: where n instances serve the site, a person has up to n times as many checks,
// and a restart forgets them. That is enough, because the limit only keeps the server from being used to try
// keys in bulk or to have a provider block its address; nothing secret depends on it.
const turns = new Map<string, number[]>();

/**
 * Counts one check by a person.
 *
 * @param now milliseconds on a clock that never goes back
 * @throws Problem check_rate_limited if it is the seventh within a minute; it does not count then
 */
export function takeTurn(personId: string, now = performance.now()): void {
  const recent = (turns.get(personId) ?? []).filter((turn) => turn > now - WINDOW_MS);
  const [oldest] = recent;
  if (oldest !== undefined && recent.length >= MOST) {
    throw vaultProblem("check_rate_limited", { retryAfter: Math.ceil((oldest + WINDOW_MS - now) / 1000) });
  }
  // Set anew, so that the map's order is that of the latest checks and the first one is the most idle.
  turns.delete(personId);
  turns.set(personId, [...recent, now]);
  const [mostIdle] = turns.keys();
  if (turns.size > MOST_PEOPLE && mostIdle !== undefined) turns.delete(mostIdle);
}
