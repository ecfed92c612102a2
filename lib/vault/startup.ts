import { decrypt, encrypt } from "./crypto";

/**
 * Tries the vault's encryption both ways, so that a missing master key is found when the server starts and not at
 * the first customer's request.
 *
 * @throws Error of whatever is behind `encrypt` and `decrypt`; it says what to do
 */
export async function tryEncryption(): Promise<void> {
  const probe = "start-up check";
  if ((await decrypt(await encrypt(probe))) !== probe) {
    throw new Error("The vault's encryption does not work.");
  }
}
