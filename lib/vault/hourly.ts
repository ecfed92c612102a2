const HOUR_MS = 3_600_000;

/**
 * For work that is enough once an hour: remembers, in this process, when it was last done for each name.
 *
 * @param most names that are remembered; of more, the oldest are forgotten, and the work is done once too often
 */
export function hourly(most = 10_000) {
  const done = new Map<string, number>();
  return {
    /** Whether the work is due for a name. From then on it is not, for an hour. */
    isDue(name: string, now = Date.now()): boolean {
      const last = done.get(name);
      if (last !== undefined && now >= last && now - last < HOUR_MS) return false;
      // At the end, so that the first ones are the oldest.
      done.delete(name);
      done.set(name, now);
      const [oldest] = done.keys();
      if (done.size > most && oldest !== undefined) done.delete(oldest);
      return true;
    },
    /** It could not be done: the next one tries again. */
    forget: (name: string) => void done.delete(name),
  };
}
