import { vaultProblem } from "./errors";

// encrypt() and decrypt() may be a service behind HTTP, which can be out of reach; docs/masteryos-bridge.md. That is
// not the same as a value that cannot be read: nobody has to enter it again.

/** The `code` of the error that they reject with then. */
const OUTAGE = "vault_backend_unavailable";

/** Whether what `encrypt` or `decrypt` rejected with says that their backend is out of reach. */
const isOutage = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === OUTAGE;

/**
 * The same work, with an outage as the Problem that the vault answers with when it cannot be reached.
 *
 * @throws Problem vault_unavailable; everything else as it is
 */
export async function orUnavailable<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw isOutage(error)
      ? vaultProblem("vault_unavailable", { cause: { name: "VaultBackend", code: OUTAGE } })
      : error;
  }
}
