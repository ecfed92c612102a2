/** The part of a PGlite database that is wrapped here. */
interface Driver {
  Module: object;
  execProtocolRawSync: (message: Uint8Array) => Uint8Array;
}

/**
 * Notices when PostgreSQL gives itself up (PANIC), as it does where a full disk does not let it go on with its log.
 * A server of its own ends then, and recovers when it is started again. PGlite goes on with what is left in its
 * memory, and the next statement never returns, nor does the process that waits for it. So nothing more reaches it.
 *
 * @param driver the PGlite instance; changed in place
 * @returns whether that has happened; then only opening the folder anew helps, and loses nothing acknowledged
 */
export function watchForPanic(driver: Driver): () => boolean {
  let hasStopped = false;
  // Emscripten calls it, and goes on as if nothing had happened.
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
