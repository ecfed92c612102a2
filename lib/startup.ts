import { env } from "./env";
import { checkMasterKey, tryEncryption } from "./vault/startup";

/**
 * Checks the environment, the vault's encryption and that its key is the database's. Ends the process if something is wrong, because Next would go
 * on serving errors.
 */
export async function checkConfiguration(): Promise<void> {
  try {
    const { isLauncherChecking } = env();
    await tryEncryption();
    if (!isLauncherChecking) await checkMasterKey();
  } catch (error) {
    console.error(error instanceof Error ? error.message : "The configuration is not valid.");
    process.exit(1);
  }
}
