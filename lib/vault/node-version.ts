/** The first version with everything that the vault and Supabase's client use, such as a WebSocket. */
const LEAST_NODE = 22;

/**
 * Says that Node.js is too old for the vault. Everything else would say it less clearly: a request is answered with 500.
 *
 * @param version as in `process.versions.node`
 * @returns a sentence for the operator; null if it's new enough
 */
export function explainOldNode(version = process.versions.node): string | null {
  if (Number.parseInt(version, 10) >= LEAST_NODE) return null;
  return `The vault needs Node.js ${LEAST_NODE} or newer, and this is ${version}. Update it: Supabase's client doesn't support older ones.`;
}
