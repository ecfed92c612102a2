import "server-only";
import { countTurns } from "../vault/http/turns";

const WINDOW_MS = 60 * 60_000;
const take = countTurns(5, WINDOW_MS);

/**
 * Counts a mail to an address that somebody other than its owner may have entered. One address gets five an hour, no matter
 * who asks, so that nobody writes to strangers through the app, however many accounts they have.
 *
 * @returns false where that would be one too many; it does not count then
 */
export const takeMailTurn = (address: string): boolean => take(address.toLowerCase()) === 0;
