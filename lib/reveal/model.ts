import { env } from "../env";
import { vaultProblem } from "../vault/errors";
import type { CallPlan } from "../vault-usage/meter";
import { costOf } from "../vault-usage/prices";
import type { Usage } from "../vault-usage/types";
import { NO_USAGE } from "../vault-usage/types";
import { REVEAL_KEY, type RevealModel, type RunKind } from "./types";

const DEFAULT_MODEL = "claude-sonnet-5-5";

/** What Reveal's calls of each kind may use, in tokens. */
export const CALLS: Record<RunKind, Omit<CallPlan, "model" | "text"> & { feature: RunKind }> = {
  run: { feature: "run", key: REVEAL_KEY, maxOutput: 8_192, minOutput: 256, addedTokens: 100 },
  // Of no use without its end. Instructions and the form of the answer are sent, too. Thinking counts as output.
  analyze: { feature: "analyze", key: REVEAL_KEY, maxOutput: 12_288, minOutput: 2_048, addedTokens: 5_000 },
};

/**
 * The models that people choose among, the usual one first: the operator's `ANTHROPIC_MODEL` and `ANTHROPIC_MODELS`, or
 * the default.
 */
export function allowedModels(): [string, ...string[]] {
  const { model, models } = env().anthropic;
  const [first = DEFAULT_MODEL, ...others] = [...(model ? [model] : []), ...models];
  return [first, ...new Set(others.filter((other) => other !== first))];
}

const NOT_OFFERED = "This site doesn't offer that model. Reload the page and choose another one.";

/**
 * The model to ask.
 *
 * @param wanted from the request; undefined for the usual one
 * @throws Problem invalid_request for one that the operator does not allow
 */
export function chooseModel(wanted: string | undefined): string {
  const [usual, ...others] = allowedModels();
  if (wanted === undefined || wanted === usual) return usual;
  if (!others.includes(wanted)) throw vaultProblem("invalid_request", { detail: NOT_OFFERED });
  return wanted;
}

/** {@link allowedModels} with their list prices, for pages. */
export function revealModels(): RevealModel[] {
  return allowedModels().map((id) => {
    const of = (usage: Partial<Usage>) => costOf(id, { ...NO_USAGE, ...usage }, {})?.usd;
    const [input, output] = [of({ input_tokens: PRICED }), of({ output_tokens: PRICED })];
    const isKnown = input !== undefined && output !== undefined;
    return { id, price: isKnown ? { input: input / PRICED, output: output / PRICED } : null };
  });
}

/** Tokens, of which a price is asked: costs are rounded, and of longer prompts some are dearer. */
const PRICED = 1_000;
