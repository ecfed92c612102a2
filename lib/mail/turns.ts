import "server-only";
import { countTurns } from "../vault/http/turns";

const WINDOW_MS = 60 * 60_000;
const take = countTurns(5, WINDOW_MS);

/**
 * Counts a mail to an address that someone other than its owner may have entered. One address gets five per hour, no matter
 * who asks, so that nobody can use the app to write to strangers, however many accounts they have.
 *
 * @returns false if that would be one too many; it isn't counted then
 */
export const takeMailTurn = (address: string): boolean => take(address.toLowerCase()) === 0;
