import { setTimeout as sleep } from "node:timers/promises";

/** So that the map stays below a few MB, however many clients there are. */
const MOST_CLIENTS = 10_000;

interface Tries {
  /** When each failure was, in milliseconds on a clock that never goes back. */
  failures: number[];
  /** Those that have no answer yet. */
  underWay: Set<Promise<unknown>>;
}

/**
 * Makes a limit of failures within some time, for each client. Successes do not count. Tries that are under way count
 * until they are answered, so that many at once are no way around it; who comes meanwhile waits for one of them.
 *
 * It is in the memory of one process: where n instances serve the site, a client has up to n times as many, and a
 * restart forgets them.
 *
 * @param windowMs milliseconds for which a failure counts
 * @param patienceMs milliseconds that a try waits for others at most
 * @returns a function that makes a try; undefined if the client may not. What the try throws does not count
 */
export function limitFailures(most: number, windowMs: number, patienceMs: number) {
  const clients = new Map<string, Tries>();

  function triesOf(client: string): Tries {
    const tries = clients.get(client) ?? { failures: [], underWay: new Set() };
    // Set anew, so that the map's order is that of the latest tries and the first one is the most idle.
    clients.delete(client);
    clients.set(client, tries);
    const [mostIdle] = clients.keys();
    if (clients.size > MOST_CLIENTS && mostIdle !== undefined) clients.delete(mostIdle);
    tries.failures = tries.failures.filter((failure) => failure > performance.now() - windowMs);
    return tries;
  }

  return async <Answer>(
    client: string,
    attempt: () => Promise<Answer>,
    isFailure: (answer: Answer) => boolean,
  ): Promise<Answer | undefined> => {
    const end = performance.now() + patienceMs;
    let tries = triesOf(client);
    while (tries.failures.length + tries.underWay.size >= most) {
      const left = end - performance.now();
      if (tries.failures.length >= most || left <= 0) return undefined;
      const stop = new AbortController();
      await Promise.race([...tries.underWay, sleep(left, undefined, { signal: stop.signal })]).catch(
        () => {},
      );
      stop.abort();
      tries = triesOf(client);
    }
    const answer = attempt();
    const settled: Promise<unknown> = answer.then(
      (got) => {
        if (isFailure(got)) tries.failures.push(performance.now());
        tries.underWay.delete(settled);
      },
      () => tries.underWay.delete(settled),
    );
    tries.underWay.add(settled);
    return answer;
  };
}
