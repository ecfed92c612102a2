import { env } from "../env";
import type { RunKind } from "./types";

const DEFAULT_MODEL = "claude-sonnet-5-5";

/** The longest answer of each kind, in tokens. Thinking counts towards it too. */
export const MAX_OUTPUT_TOKENS: Record<RunKind, number> = { run: 8_192, analyze: 12_288 };

/** Shorter than this, an answer is not worth asking for, in tokens. An analysis is of no use without its end. */
export const MIN_OUTPUT_TOKENS: Record<RunKind, number> = { run: 256, analyze: 2_048 };

/** More tokens than a call of each kind has beside its text: instructions, the form of the answer, the provider's own. */
export const ADDED_TOKENS: Record<RunKind, number> = { run: 100, analyze: 5_000 };

/** How many runs one person may have under way. */
export const MAX_RUNS = 10;

/** The model that Reveal asks for: the operator's `ANTHROPIC_MODEL`, or the default. */
export function revealModel(): string {
  return env().anthropic.model ?? DEFAULT_MODEL;
}
