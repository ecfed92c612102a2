import { env } from "./env";
import { decrypt, encrypt } from "./vault/crypto";

/**
 * Checks the environment, and that the vault's encryption works both ways: whatever backend is behind
 * `encrypt` and `decrypt`, its own error says what to do.
 *
 * Ends the process if not, because Next would go on serving errors.
 */
export async function checkConfiguration(): Promise<void> {
  try {
    env();
    const probe = "start-up check";
    if ((await decrypt(await encrypt(probe))) !== probe)
      throw new Error("The vault's encryption does not work.");
  } catch (error) {
    console.error(error instanceof Error ? error.message : "The configuration is not valid.");
    process.exit(1);
  }
}
