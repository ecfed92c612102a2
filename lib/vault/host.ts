import "server-only";
import { after } from "next/server";
import { readRecorded, recordDone } from "../activity/record";
import { hasExpiring, tellOfExpiring } from "../alerts/expiring";
import { noteVerdict } from "../alerts/refused-key";
import { env } from "../env";
import { tellOfSecrets, tellOfValues } from "../webhooks/events";
import { WEBHOOK_CIPHERTEXTS } from "../webhooks/sealed";
import type { SecretChange, SecretCheck, SecretUse, VaultSettings } from "./types";

// All that the vault knows of the app around it, and the only file of its folder that differs from app to app. An
// app that takes the vault in begins with registry/host.ts in this place.

export { requireConfirmation } from "../auth/confirmation";
export { getSessionUser as getUser } from "../auth/session";
export { adminClient } from "../supabase/admin";
export { readCandidates } from "../teams/candidates";
export { getTeamRole } from "../teams/membership";

export function settings(): VaultSettings {
  const { siteOrigin, platformKeys, anthropic, clientAddressHeader } = env();
  return {
    siteOrigin,
    platformKeys,
    clientAddressHeader,
    anthropicBaseUrl: anthropic.baseUrl,
    otherCiphertexts: WEBHOOK_CIPHERTEXTS,
  };
}

export async function readIfAllowed(use: SecretUse): Promise<string | null> {
  const { userId, owner, key, action } = use;
  const recorded = await readRecorded(use);
  if (recorded?.hasWebhooks && action === "revealed") tellOfSecrets(userId, owner, "revealed", [key]);
  return recorded?.ciphertext ?? null;
}

export async function afterChange(change: SecretChange): Promise<void> {
  const { userId, owner, changes, isImport, secrets } = change;
  await recordDone(userId, owner, changes, isImport);
  tellOfValues(userId, owner, changes);
  if (hasExpiring(secrets)) after(() => tellOfExpiring(userId, owner));
}

export async function afterCheck({ userId, owner, key, result, readAt }: SecretCheck): Promise<void> {
  if (result !== "works" && result !== "refused") return;
  after(() => noteVerdict({ userId, owner, key, isRefused: result === "refused", readAt, source: "check" }));
}
