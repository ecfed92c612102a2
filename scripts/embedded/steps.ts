const PATIENCE_MS = 1_000;

/**
 * Runs one step of the start and prints one line when it's done. A step that takes longer than a second says so in the
 * meantime.
 *
 * @param working what is being done, for example "Preparing the database"
 * @param run does it
 * @param done the line to print from the result and the seconds it took
 * @throws whatever `run` throws
 */
export async function step<T>(
  working: string,
  run: () => Promise<T>,
  done: (result: T, seconds: string) => string,
): Promise<T> {
  const started = performance.now();
  const patience = setTimeout(() => console.log(`… ${working}`), PATIENCE_MS);
  try {
    const result = await run();
    const seconds = `${((performance.now() - started) / 1_000).toFixed(1)} s`;
    clearTimeout(patience);
    console.log(`✓ ${done(result, seconds)}`);
    return result;
  } finally {
    clearTimeout(patience);
  }
}
