import { env } from "../env";
import { costOf } from "../usage/prices";
import { vaultProblem } from "../vault/errors";
import type { RevealModel, RunKind, Usage } from "./types";

const DEFAULT_MODEL = "claude-sonnet-5-5";

/** The longest answer of each kind, in tokens. Thinking counts towards it too. */
export const MAX_OUTPUT_TOKENS: Record<RunKind, number> = { run: 8_192, analyze: 12_288 };

/** Shorter than this, an answer is not worth asking for, in tokens. An analysis is of no use without its end. */
export const MIN_OUTPUT_TOKENS: Record<RunKind, number> = { run: 256, analyze: 2_048 };

/** More tokens than a call of each kind has beside its text: instructions, the form of the answer, the provider's own. */
export const ADDED_TOKENS: Record<RunKind, number> = { run: 100, analyze: 5_000 };

export const NO_USAGE: Usage = {
  input_tokens: 0,
  output_tokens: 0,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
};

/** How many runs one person may have under way. */
export const MAX_RUNS = 10;

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
