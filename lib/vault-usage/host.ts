// All that the ledger's writing side knows of the app around it, and the only file of its folder that differs from app to
// app. An app that takes it in begins with registry/usage-host.ts in this place.

export { afterRun } from "../ledger/after-run";
export { enter } from "../ledger/enter";

/** The table that calls are entered in. */
export const LEDGER = "reveal_runs";
