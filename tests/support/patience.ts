/** How long a test waits for an event before it fails: no machine that is busy with something else takes as long. */
export const PATIENCE_MS = 300_000;
