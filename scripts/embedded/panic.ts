/** The part of a PGlite database that is wrapped here. */
interface Driver {
  Module: object;
  execProtocolRawSync: (message: Uint8Array) => Uint8Array;
}

/**
 * Notices when PostgreSQL stops itself (PANIC), for example when a full disk keeps it from writing its log. A real server
 * exits then, and recovers when it's started again. PGlite continues with what is left in its memory, and the next
 * statement never returns, nor does the process that waits for it. So nothing more reaches it.
 *
 * @param driver the PGlite instance; changed in place
 * @returns whether that has happened; then only opening the folder again helps, and nothing acknowledged is lost
 */
export function watchForPanic(driver: Driver): () => boolean {
  let hasStopped = false;
  // Emscripten calls it, and continues as if nothing had happened.
  Object.assign(driver.Module, {
    onAbort: () => {
      hasStopped = true;
    },
  });
  const execute = driver.execProtocolRawSync.bind(driver);
  driver.execProtocolRawSync = (message) => {
    if (hasStopped) throw new Error("The database has stopped.");
    return execute(message);
  };
  return () => hasStopped;
}
