import { REVEAL_KEY, type Receipt } from "@/lib/reveal/types";
import type { SecretSource } from "@/lib/vault/types";

const OWNER: Record<SecretSource, string> = { user: "your", team: "the team's", env: "the platform's" };

const capitalised = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** A number as people read it, e.g. 12,345. The same on the server and in every browser. */
export const formatCount = (count: number) => count.toLocaleString("en-US");

/**
 * Says before a run whose key will pay, and who if it were gone.
 *
 * @param payers nearest first, at least one
 */
export function describePayers([first, ...others]: readonly [SecretSource, ...SecretSource[]]): string {
  const used = `${capitalised(OWNER[first])} ${REVEAL_KEY} will be used.`;
  if (others.length === 0) return used;
  return `${used} Without it: ${others.map((source) => OWNER[source]).join(", then ")}.`;
}

/** Says after a run whose key paid, and for how much. */
export function describePayment({ source, usage }: Receipt): string {
  // What was read from or written to the provider's cache was sent as well, and is billed.
  const sent = usage.input_tokens + usage.cache_creation_input_tokens + usage.cache_read_input_tokens;
  return `Paid with ${OWNER[source]} key · ${formatCount(sent)} tokens in, ${formatCount(usage.output_tokens)} out`;
}

/** Says who paid for an answer that was stopped; the provider does not tell how much. */
export function describeStopped(source: SecretSource): string {
  return `Stopped. What was written until then is billed to ${OWNER[source]} key.`;
}
