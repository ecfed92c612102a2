import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { Problem } from "../vault/http/problem";
import type { OpenRun } from "./entry";
import { interruptionOf } from "./interruption";
import { isBadAnswer, providerProblem, wasPerhapsBilled } from "./provider-problem";
import { endingOf } from "./receipt";

const LONGEST_WAIT_MS = 500;

/**
 * Makes a call, and finishes its run with what became of it.
 *
 * @param call is given the value of the key
 * @throws as `withKey`
 */
export async function recorded<Result>(
  run: OpenRun,
  call: (key: string) => Result | Promise<Result>,
): Promise<Result> {
  const result = await attempt(run, call);
  await complete(run);
  return result;
}

/** The same for a call whose answer comes as items, which then come from the run. */
export async function recordedItems<Item>(
  run: OpenRun,
  call: (key: string) => AsyncIterable<Item> | Promise<AsyncIterable<Item>>,
): Promise<AsyncGenerator<Item>> {
  const items = follow(run, await attempt(run, call));
  // To its first step, so that `finally` is reached also where nobody ever asks for an item.
  await items.next();
  return items as AsyncGenerator<Item>;
}

async function* follow<Item>(run: OpenRun, items: AsyncIterable<Item>): AsyncGenerator<Item | undefined> {
  try {
    yield undefined;
    yield* items;
    await complete(run);
  } catch (error) {
    throw failed(run, error);
  } finally {
    run.finish("cancelled");
  }
}

async function attempt<Result>(
  run: OpenRun,
  call: (key: string) => Result | Promise<Result>,
): Promise<Result> {
  try {
    const { value } = await run.openKey();
    run.meter.hide(value);
    run.meter.isSent = true;
    return await call(value);
  } catch (error) {
    throw failed(run, error);
  }
}

async function complete(run: OpenRun): Promise<void> {
  run.meter.complete();
  run.finish(endingOf(run.meter));
  // So that what a page asks for next has this run in it; but nobody waits long for that.
  await Promise.race([run.finished, sleep(LONGEST_WAIT_MS, undefined, { ref: false })]);
}

/** What to throw for what a call threw, with the run finished by its code. */
function failed(run: OpenRun, error: unknown): unknown {
  const { meter } = run;
  if (isBadAnswer(error)) meter.take(error);
  const problem =
    interruptionOf(meter.signal) ?? (error instanceof Problem ? error : providerProblem(error, meter));
  if (problem && !(error instanceof Problem)) meter.isSent &&= wasPerhapsBilled(error, meter);
  run.finish(problem?.code ?? "internal");
  return problem ?? error;
}
