import { env } from "./env";
import { tryEncryption } from "./vault/startup";

/**
 * Checks the environment and the vault's encryption. Ends the process if something is wrong, because Next would go
 * on serving errors.
 */
export async function checkConfiguration(): Promise<void> {
  try {
    env();
    await tryEncryption();
  } catch (error) {
    console.error(error instanceof Error ? error.message : "The configuration is not valid.");
    process.exit(1);
  }
}
