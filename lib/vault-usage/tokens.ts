import type { Usage } from "./types";

/** Tokens that were sent. What was read from or written to the provider's cache was sent as well, and is billed. */
export const sentTokens = (usage: Usage) =>
  usage.input_tokens + usage.cache_creation_input_tokens + usage.cache_read_input_tokens;

/** All tokens, sent and written. */
export const allTokens = (usage: Usage) => sentTokens(usage) + usage.output_tokens;
