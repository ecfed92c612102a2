/** The middle and the ends of a series, e.g. "31.2 ms (28.0 to 40.1)". */
export function spread(series: number[]): string {
  const sorted = series.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN).toFixed(1);
  return `${at(0.5)} ms (${at(0)} to ${at(1)})`;
}
