import "server-only";
import Anthropic from "@anthropic-ai/sdk";
import { env } from "../env";
import { HEADER_VALUE } from "../vault/rules";
import type { ResolvedSecret } from "../vault/types";
import { boundedFetch } from "../vault-usage/bounded-fetch";
import { usageProblem } from "../vault-usage/errors";
import { DEADLINE_MS } from "../vault-usage/interruption";
import { unsendableDetail } from "../vault-usage/key-words";
import { revealKey } from "./provider-errors";

/**
 * A client that pays with the resolved key and with nothing else.
 *
 * The SDK by itself looks into the environment for credentials, an address, headers and a log level; each
 * of them is given here, so that no variable makes another key pay or prints one.
 *
 * @throws Problem provider_refused_key for a key that cannot be a header, before any code that would quote it
 */
export function anthropicClient(key: ResolvedSecret): Anthropic {
  if (!HEADER_VALUE.test(key.value)) {
    const detail = unsendableDetail(revealKey(key.source));
    throw usageProblem("provider_refused_key", { source: key.source, detail });
  }
  return new Anthropic({
    apiKey: key.value,
    authToken: null,
    webhookKey: null,
    // Null means Anthropic's own address; undefined would mean the environment's.
    baseURL: env().anthropic.baseUrl ?? null,
    // ANTHROPIC_CUSTOM_HEADERS may hold these, and would otherwise win over the key.
    defaultHeaders: {
      Authorization: `Bearer ${key.value}`,
      authorization: `Bearer ${key.value}`,
      "x-api-key": null,
    },
    // The person who waits for the answer sees the error too, and knows best whether to pay for another try.
    maxRetries: 0,
    timeout: DEADLINE_MS,
    logLevel: "off",
    openTelemetry: false,
    fetch: boundedFetch,
    fetchOptions: { cache: "no-store", redirect: "error" },
  });
}
