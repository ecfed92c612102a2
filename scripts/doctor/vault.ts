import { createClient } from "@supabase/supabase-js";
import { boundedFetch } from "../../lib/vault/http/bounded-fetch.ts";
import { tryKey, WrongMasterKey } from "../../lib/vault/key-check.ts";
import { WEBHOOK_CIPHERTEXTS } from "../../lib/webhooks/sealed.ts";
import { messageOf } from "../embedded/problem.ts";
import { type Check, type Finding, failure, ok } from "./check.ts";
import { loadCrypto } from "./crypto.ts";
import type { Subject } from "./subject.ts";

export const VAULT: Check[] = [
  {
    id: "stored",
    title: "whether the master key opens what is stored",
    needs: ["master-key", "data-api"],
    run: checkStored,
  },
];

async function checkStored({ url, secret }: Subject): Promise<Finding> {
  const database = createClient(url, secret?.key ?? "", {
    db: { retry: false },
    auth: { persistSession: false, autoRefreshToken: false },
    global: { fetch: boundedFetch },
  });
  const crypto = await loadCrypto();
  try {
    const isProven = await tryKey(database, crypto, WEBHOOK_CIPHERTEXTS);
    return ok(
      isProven ? "The master key opens what is stored" : "Nothing is stored yet that needs the master key",
    );
  } catch (error) {
    if (error instanceof WrongMasterKey) {
      return failure(
        "VAULT_MASTER_KEY is not the key that this database was encrypted with.",
        "Restore the old key. If it is lost, see “A lost master key” in docs/operations.md.",
      );
    }
    return failure(
      `Couldn't find out whether the master key opens what is stored. ${messageOf(error)}`,
      "See the other lines first.",
    );
  }
}
