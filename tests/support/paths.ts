import { resolve } from "node:path";

const results = resolve(import.meta.dirname, "../../.data/e2e");

/** The database of the browser tests; emptied at each start. */
export const DATA_DIR = resolve(results, "database");
/** All that the servers print. */
export const SERVER_LOG = resolve(results, "server.log");
