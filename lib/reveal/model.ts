import { env } from "../env.ts";

const DEFAULT_MODEL = "claude-sonnet-5-5";

/** The model that Reveal asks for: the operator's `ANTHROPIC_MODEL`, or the default. */
export function revealModel(): string {
  return env().anthropic.model ?? DEFAULT_MODEL;
}
