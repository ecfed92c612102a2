import "server-only";
import { vaultProblem } from "../errors";
import { limitTurns } from "../http/turns";

/**
 * Counts one check by a person, so that the server is not used to try keys in bulk or to have a provider block its
 * address.
 *
 * @throws Problem check_rate_limited if it is the seventh within a minute; it does not count then
 */
export const takeTurn = limitTurns(6, (retryAfter) => vaultProblem("check_rate_limited", { retryAfter }));
