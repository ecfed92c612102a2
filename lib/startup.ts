import { env } from "./env";
import { explainUnusableKey } from "./reveal/startup";
import { checkMasterKey, tryEncryption } from "./vault/startup";
import { sealRest } from "./webhooks/url";

const NO_ADDRESS =
  "CLIENT_ADDRESS_HEADER is not set, so Supabase Auth applies its rate limits to all visitors together, and one stranger can use up " +
  "everyone's attempts. See docs/deploy.md for what to set.";

/**
 * Checks the environment, the vault's encryption and that its key is the database's. Ends the process if something is
 * wrong, because Next would go on serving errors.
 */
export async function checkConfiguration(): Promise<void> {
  try {
    const { isLauncherChecking, siteOrigin, clientAddressHeader } = env();
    if (siteOrigin.startsWith("https:") && !clientAddressHeader) console.warn(NO_ADDRESS);
    const unusable = explainUnusableKey();
    if (unusable) console.warn(unusable);
    await tryEncryption();
    if (isLauncherChecking) return;
    await checkMasterKey();
    // Nobody waits for it: what is not sealed yet is used as it is.
    void sealRest();
  } catch (error) {
    console.error(error instanceof Error ? error.message : "The configuration isn't valid.");
    process.exit(1);
  }
}
