/** What a round of one candidate gave: milliseconds, operations a second, bytes. */
export type Series = number[];

/** @returns the middle of the sorted numbers; of an even count, the mean of the two in the middle */
export function median(series: Series): number {
  const sorted = series.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low, high] = [sorted[middle - (sorted.length % 2 === 0 ? 1 : 0)], sorted[middle]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
}

/** @returns half of the middle half's width, in per cent of the median: how far rounds lie apart */
export function spread(series: Series): number {
  const sorted = series.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
  return (50 * (at(0.75) - at(0.25))) / median(series);
}

/** @returns the median of what each round's pair gave, because the two of a pair met the same machine */
export function ratio(series: Series, to: Series): number {
  return median(series.map((value, round) => value / (to[round] ?? Number.NaN)));
}

/**
 * Runs every candidate once in each round, so that whatever else slows the machine slows all of them, and each
 * round in the opposite order of the one before.
 *
 * @param rounds how many count; some more run before, for the compiler and the caches
 * @param run measures one candidate once
 * @returns a series for each candidate, of one number a round
 */
export async function interleave<Candidate>(
  candidates: readonly Candidate[],
  { rounds, warmUp }: { rounds: number; warmUp: number },
  run: (candidate: Candidate) => Promise<number>,
): Promise<Map<Candidate, Series>> {
  const measured = new Map<Candidate, Series>(candidates.map((candidate) => [candidate, []]));
  for (let round = -warmUp; round < rounds; round++) {
    for (const candidate of round % 2 === 0 ? candidates : candidates.toReversed()) {
      const value = await run(candidate);
      if (round >= 0) measured.get(candidate)?.push(value);
    }
  }
  return measured;
}
