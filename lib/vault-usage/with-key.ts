import "server-only";
import { afterReply } from "./after-reply";
import type { OpenRun } from "./entry";
import { afterRun } from "./host";
import type { Meter } from "./meter";
import { recorded, recordedItems } from "./recorded";
import { type NewRun, openRun } from "./run";

/** A call to a provider that a feature makes on a key of the vault. */
export type FeatureCall = Omit<NewRun, "teamId"> & {
  /** UUID from the request, which counts only while the person is in that team; null or missing to leave teams out. */
  teamId?: string | null | undefined;
};

/**
 * Calls a provider on the nearest key: the person's, else the team's, else the platform's, as far as rules and limits allow.
 * The call is in the ledger before it's made. What it used and cost, how it ended, and whether its provider still takes the
 * key are entered once it's over.
 *
 * @param call makes the one call, with the value of the key. What its meter isn't told is estimated, or unknown
 * @returns what `call` returns
 * @throws Problem as `openRun`, and then nothing was called; Problem with a provider_ code where the provider refused or
 * failed; Problem cancelled where `signal` aborted; everything else that `call` throws
 * @example
 * const title = await withKey(
 *   { feature: "titles", key: "OPENAI_API_KEY", userId: user.id, teamId, model, text, maxOutput: 50 },
 *   async (key, meter) => {
 *     const reply = await new OpenAI({ apiKey: key }).chat.completions.create({ … }, { signal: meter.signal });
 *     meter.take(reply);
 *     return reply.choices[0]?.message.content;
 *   },
 * );
 */
export async function withKey<Result>(
  use: FeatureCall,
  call: (key: string, meter: Meter) => Result | Promise<Result>,
): Promise<Result> {
  const run = await begin(use);
  return recorded(run, (key) => call(key, run.meter));
}

/**
 * {@link withKey} for an answer that comes piece by piece. The entry is finished when the items end, fail, or are no longer
 * asked for.
 *
 * @param call resolves once the answer has begun
 * @returns the items as they come, and the meter, whose receipt is known after the last one
 */
export async function streamWithKey<Item>(
  use: FeatureCall,
  call: (key: string, meter: Meter) => AsyncIterable<Item> | Promise<AsyncIterable<Item>>,
): Promise<{ items: AsyncGenerator<Item>; meter: Meter }> {
  const run = await begin(use);
  return { items: await recordedItems(run, (key) => call(key, run.meter)), meter: run.meter };
}

function begin({ teamId = null, ...use }: FeatureCall): Promise<OpenRun> {
  const readAt = new Date();
  const begun = openRun({ ...use, teamId }).then((run) => {
    afterRun(run, readAt);
    return run;
  });
  // If the person leaves while the call is being entered, Vercel may end the work there. The entry would then stay open, with
  // all that the call may cost.
  afterReply(async () => {
    await begun.catch(() => {});
  });
  return begun;
}
