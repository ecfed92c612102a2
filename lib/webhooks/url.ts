import "server-only";
import { adminClient } from "../supabase/admin";
import * as crypto from "../vault/crypto";
import { logProblem } from "../vault/http/log";
import { Problem } from "../vault/http/problem";
import { open, requireRightKey, seal } from "./envelope";
import { webhookProblem } from "./errors";
import { sealPlainAddresses } from "./sealed";

// Where webhooks lead. With many services, anyone who has the address can post to it, so it is stored sealed.

/** The columns of an address: a row from before it was sealed has it in `url`. */
export interface StoredUrl {
  id: string;
  url: string | null;
  encrypted_url: string | null;
}

/** What lists, mails and events show of an address: scheme, host and port, and whether there is more. */
export function shortened(url: string): string {
  const { origin, pathname, search } = new URL(url);
  return pathname === "/" && search === "" ? origin : `${origin}/…`;
}

/**
 * An address as it is stored.
 *
 * @throws Problem vault_unavailable
 */
export async function sealedUrl(webhookId: string, url: string) {
  return { encrypted_url: await seal(webhookId, "url", url), address: shortened(url) };
}

/**
 * The address of a row.
 *
 * @returns null if it cannot be decrypted, or was sealed for another webhook
 * @throws Problem vault_unavailable
 */
export async function openUrl({ id, url, encrypted_url }: StoredUrl): Promise<string | null> {
  return url ?? (encrypted_url === null ? null : open(id, "url", encrypted_url));
}

let underWay: Promise<void> | undefined;

/** Seals what is not sealed yet, in this process once at a time. Never rejects: it is tried again when a row is read. */
export function sealRest(): Promise<void> {
  underWay ??= requireRightKey()
    .then(() => sealPlainAddresses(adminClient(), crypto))
    .catch((error) => {
      logProblem(error instanceof Problem ? error : webhookProblem("webhooks_unavailable", { cause: error }));
    })
    .finally(() => {
      underWay = undefined;
    });
  return underWay;
}
