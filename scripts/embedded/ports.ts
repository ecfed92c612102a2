import { createServer } from "node:net";
import { StartProblem } from "./problem.ts";

export const HOST = "127.0.0.1";

/**
 * How long a server keeps an idle connection. Longer than the minute of most proxies, and than a busy machine stalls: of the
 * two, the one that sends requests must be the one that closes it, or a request meets a closed connection.
 */
export const KEEP_ALIVE_MS = 65_000;

/**
 * The first port from `wanted` upwards that nothing listens on (on 127.0.0.1).
 *
 * @param attempts how many ports to try before giving up
 * @throws StartProblem when all of them are taken
 */
export async function freePort(wanted: number, attempts = 50): Promise<number> {
  for (let port = wanted; port < wanted + attempts && port <= 65_535; port++) {
    if (await isFree(port)) return port;
  }
  throw new StartProblem(`No port between ${wanted} and ${wanted + attempts - 1} is free.`);
}

/** The same, and says so where the port is not the one that was wanted. */
export async function freePortFrom(wanted: number, purpose: string): Promise<number> {
  const port = await freePort(wanted);
  if (port !== wanted) console.log(`! Port ${wanted} is taken: using ${port} for ${purpose}`);
  return port;
}

/** Whether nothing listens on `port` of 127.0.0.1 right now. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, HOST, () => probe.close(() => resolve(true)));
  });
}

/**
 * A port number from an environment variable.
 *
 * @returns undefined where the variable is not set or empty
 * @throws StartProblem where it is not a number from 1 to 65535
 */
export function portFrom(name: string, value: string | undefined): number | undefined {
  if (!value) return undefined;
  const port = Number(value);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new StartProblem(`${name} is "${value}", which isn't a port number from 1 to 65535.`);
}
