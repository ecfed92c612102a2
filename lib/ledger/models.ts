import { env } from "../env";

const DEFAULT_MODEL = "claude-sonnet-5-5";

/** The key of the provider whose models people choose among. */
export const MODELS_KEY = "ANTHROPIC_API_KEY";

/** What calls of each kind may use, in tokens. */
export const CALL_SIZES = {
  run: { maxOutput: 8_192, minOutput: 256, addedTokens: 100 },
  // Of no use without its end. Instructions and the form of the answer are sent, too. Thinking counts as output.
  analyze: { maxOutput: 12_288, minOutput: 2_048, addedTokens: 5_000 },
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
