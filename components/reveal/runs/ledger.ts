import { readRun } from "@/lib/reveal/requests";
import { ApiError } from "@/lib/vault/http/client";
import { type PageRun, receiptOf } from "./run";

/** Milliseconds before each further try: the server notices a moment later that nobody reads on. */
const WAITS = [300, 700, 1_500, 3_000, 4_500];
/** A request that was broken off may be entered a moment after it was asked for. */
const SURE_AFTER = 2;

/**
 * Asks the ledger what a run cost that ended without a receipt.
 *
 * @param isAnswered whether the server had replied, so that what is not entered by now never will be
 * @param pause waits so many milliseconds
 * @returns null where that cannot be known now; never rejects
 */
export async function findReceipt(
  id: string,
  isAnswered: boolean,
  pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
): Promise<Pick<PageRun, "receipt" | "is_free"> | null> {
  for (const [tries, wait] of [...WAITS, null].entries()) {
    try {
      const run = await readRun(id);
      if (run.status !== "started") {
        return { receipt: receiptOf({ ...run, usage: run, cost_usd: run.cost }), is_free: false };
      }
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "run_not_found") return null;
      if (isAnswered || tries >= SURE_AFTER) return { receipt: null, is_free: true };
    }
    if (wait !== null) await pause(wait);
  }
  return null;
}
