import "server-only";
import * as crypto from "./crypto";
import { adminClient, settings } from "./host";
import { describeCause } from "./http/cause";
import { remedyOf } from "./http/remedies";
import { WrongMasterKey } from "./key-check";
import { keyIsKnown } from "./known-key";
import { explainOldNode } from "./node-version";
import { outageProblem } from "./outage";
import { requireRightKeys } from "./supabase-keys";

/**
 * Everything that can be known to be wrong before the first request: settings, the encryption, and its key. For an app's
 * instrumentation.ts.
 *
 * @public
 * @throws Error that says what to do
 */
export async function checkVault(): Promise<void> {
  const old = explainOldNode();
  if (old) console.error(old);
  settings();
  requireRightKeys(process.env);
  await tryEncryption();
  await checkMasterKey();
}

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
    if ((await crypto.decrypt(await crypto.encrypt(probe))) === probe) return;
  } catch (error) {
    if (!(error instanceof Error && outageProblem(error))) throw error;
    console.warn(`The vault's encryption can't be reached, so the app starts without it. ${error.message}`);
    return;
  }
  throw new Error("The vault's encryption doesn't work.");
}

/**
 * Finds at the start that the master key is another one than the database was filled under. Where that cannot be
 * found out, the app starts with one line in the server's output, and requireKnownKey asks again.
 *
 * @throws WrongMasterKey, which says what to do
 */
export async function checkMasterKey(): Promise<void> {
  try {
    await keyIsKnown(adminClient(), settings().otherCiphertexts);
  } catch (error) {
    if (error instanceof WrongMasterKey) throw error;
    // Which tryEncryption has said.
    if (outageProblem(error)) return;
    const { message = "", cause } = Object(error);
    const reason = [message, remedyOf(describeCause(cause))].filter(Boolean).join(" ");
    console.warn(`The master key couldn't be checked, so nothing is encrypted until it is. ${reason}`);
  }
}
