import type { Usage } from "./types";

/** What a call has used so far, kept up to date while it goes on. */
export interface Meter {
  /** The one that answers, once it does; until then the one that was asked for. */
  model: string;
  /** All zero until the answer begins. */
  usage: Usage;
  /** Whether the provider has said what the whole answer used; until then the output is our estimate. */
  isCounted: boolean;
}

export const NOTHING: Usage = {
  input_tokens: 0,
  output_tokens: 0,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
};
