import { analyze, type RunOptions, runPrompt } from "@/lib/reveal/requests";
import type { RunKind } from "@/lib/reveal/types";
import type { Receipt } from "@/lib/vault-usage/types";
import { type PageRun, receiptOf } from "./run";

/**
 * Sends a run, and says step by step what is new of it; the last step says that it is done.
 *
 * @throws as `runPrompt` and `analyze` do
 */
export async function* stepsOf(
  kind: RunKind,
  text: string,
  options: RunOptions,
  signal: AbortSignal,
): AsyncGenerator<Partial<PageRun>> {
  if (kind === "analyze") {
    const { result, findings_dropped: dropped, ...receipt } = await analyze({ text, ...options }, signal);
    yield { analysis: { result, dropped }, ...ending(receipt) };
    return;
  }
  let answer = "";
  for await (const event of runPrompt({ prompt: text, ...options }, signal)) {
    if (event.type === "start") yield { source: event.source, model: event.model };
    else if (event.type === "done") yield ending(event);
    else {
      answer += event.text;
      yield { answer };
    }
  }
}

const ending = (said: Receipt): Partial<PageRun> => ({
  state: "done",
  model: said.model,
  source: said.source,
  receipt: receiptOf(said),
});
