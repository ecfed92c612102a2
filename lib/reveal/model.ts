import { env } from "../env";
import type { RunKind } from "./types";

const DEFAULT_MODEL = "claude-sonnet-5-5";

/** The longest answer of each kind, in tokens. Thinking counts towards it too. */
export const MAX_OUTPUT_TOKENS: Record<RunKind, number> = { run: 8_192, analyze: 12_288 };

/** The model that Reveal asks for: the operator's `ANTHROPIC_MODEL`, or the default. */
export function revealModel(): string {
  return env().anthropic.model ?? DEFAULT_MODEL;
}
