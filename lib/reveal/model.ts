import { allowedModels, CALL_SIZES, MODELS_KEY } from "../ledger/models";
import { vaultProblem } from "../vault/errors";
import type { CallPlan } from "../vault-usage/meter";
import { costOf } from "../vault-usage/prices";
import type { Usage } from "../vault-usage/types";
import { NO_USAGE } from "../vault-usage/types";
import type { REVEAL_KEY, RevealModel, RunKind } from "./types";

const KEY = MODELS_KEY satisfies typeof REVEAL_KEY;

/** What Reveal's calls of each kind may use. */
export const CALLS: Record<RunKind, Omit<CallPlan, "model" | "text"> & { feature: RunKind }> = {
  run: { feature: "run", key: KEY, ...CALL_SIZES.run },
  analyze: { feature: "analyze", key: KEY, ...CALL_SIZES.analyze },
};

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
