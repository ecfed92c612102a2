import { vaultProblem } from "./errors";
import type { Problem } from "./http/problem";

// encrypt() and decrypt() may be a service behind HTTP, which can be out of reach; docs/masteryos-bridge.md. That is
// not the same as a value that cannot be read: nobody has to enter it again.

/** The `code` of the error that they reject with then. */
const OUTAGE = "vault_backend_unavailable";

/** @returns the Problem that the vault answers with if this error says that their backend is out of reach, else null */
export function outageProblem(error: unknown): Problem | null {
  const isOutage = error instanceof Error && "code" in error && error.code === OUTAGE;
  return isOutage
    ? vaultProblem("vault_unavailable", { cause: { name: "VaultBackend", code: OUTAGE } })
    : null;
}

/**
 * The same work, with an outage as its Problem.
 *
 * @throws Problem vault_unavailable; everything else as it is
 */
export async function orUnavailable<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw outageProblem(error) ?? error;
  }
}
