/**
 * Options of PGlite for a PostgreSQL with small buffers: it writes all of them when it starts, and with its usual 128 MB
 * that is half of the time of a start.
 *
 * @param defaultStartParams PGlite's own
 */
export const smallBuffers = (defaultStartParams: string[]): { startParams: string[] } => ({
  startParams: [...defaultStartParams, "-c", "shared_buffers=16MB"],
});
