/** So that the map stays below a few MB, however many people there are. */
const MOST_PEOPLE = 10_000;
const A_MINUTE_MS = 60_000;

/**
 * Makes a counter that lets each person do something so many times within some time.
 *
 * It is in the memory of one process: where n instances serve the site, a person has up to n times as many turns,
 * and a restart forgets them. So nothing secret may depend on it, only that the server is no tool for bulk work.
 *
 * @returns a function that takes a turn for a person. `now`: milliseconds on a clock that never goes back. It returns 0,
 *   or for one turn too many, which does not count, the seconds until the next one
 */
export function countTurns(most: number, windowMs = A_MINUTE_MS): (personId: string, now?: number) => number {
  const turns = new Map<string, number[]>();
  return (personId, now = performance.now()) => {
    const recent = (turns.get(personId) ?? []).filter((turn) => turn > now - windowMs);
    const [oldest] = recent;
    if (oldest !== undefined && recent.length >= most) return Math.ceil((oldest + windowMs - now) / 1000);
    // Set anew, so that the map's order is that of the latest turns and the first one is the most idle.
    turns.delete(personId);
    turns.set(personId, [...recent, now]);
    const [mostIdle] = turns.keys();
    if (turns.size > MOST_PEOPLE && mostIdle !== undefined) turns.delete(mostIdle);
    return 0;
  };
}

/**
 * {@link countTurns} within a minute, for what is refused then.
 *
 * @param tooMany the error for one turn too many; it is given the seconds until the next one
 */
export function limitTurns(
  most: number,
  tooMany: (retryAfter: number) => Error,
): (personId: string, now?: number) => void {
  const take = countTurns(most);
  return (personId, now) => {
    const retryAfter = take(personId, now);
    if (retryAfter > 0) throw tooMany(retryAfter);
  };
}
