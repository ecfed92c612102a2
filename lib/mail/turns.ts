import "server-only";
import { limitTurns } from "../vault/http/turns";

const MOST = 5;
const WINDOW_MS = 60 * 60_000;
const takeTurn = limitTurns(MOST, () => new Error("This address has had enough mails."), WINDOW_MS);

/**
 * Counts a mail to an address that somebody other than its owner may have entered, whoever that is: five an hour, so that
 * nobody writes to strangers through the app, however many accounts they have.
 *
 * @returns false where that would be one too many; it does not count then
 */
export function takeMailTurn(address: string): boolean {
  try {
    takeTurn(address.toLowerCase());
    return true;
  } catch {
    return false;
  }
}
