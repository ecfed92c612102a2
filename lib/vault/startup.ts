import { decrypt, encrypt } from "./crypto";
import { outageProblem } from "./outage";

/**
 * Tries the vault's encryption both ways, so that a missing master key is found when the server starts and not at
 * the first customer's request. A backend that is out of reach is one line in the server's output: what needs no
 * value works without it, and the rest once it is back.
 *
 * @throws Error of whatever is behind `encrypt` and `decrypt`; it says what to do
 */
export async function tryEncryption(): Promise<void> {
  const probe = "start-up check";
  try {
    if ((await decrypt(await encrypt(probe))) === probe) return;
  } catch (error) {
    if (!(error instanceof Error && outageProblem(error))) throw error;
    console.warn(`The vault's encryption is out of reach, and the app starts without it. ${error.message}`);
    return;
  }
  throw new Error("The vault's encryption does not work.");
}
