/** Does a part of the work, and says how long it took, with what it returns if that is a text. */
export async function step<T>(what: string, work: () => Promise<T> | T): Promise<T> {
  const started = performance.now();
  const result = await work();
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  console.log(`✓ ${what}${typeof result === "string" ? `: ${result}` : ""} (${seconds} s)`);
  return result;
}
