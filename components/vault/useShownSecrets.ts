"use client";

import { useCallback, useEffect, useState } from "react";
import type { CheckReply } from "@/lib/vault/requests";
import type { SecretMetadata } from "@/lib/vault/types";

type Secrets = readonly SecretMetadata[];

/**
 * The secrets as the panel shows them.
 *
 * @param onChange is called with them after every change; the same function in every render
 */
export function useShownSecrets(initial: Secrets, onChange: ((secrets: Secrets) => void) | undefined) {
  const [secrets, setSecrets] = useState(initial);
  useEffect(() => onChange?.(secrets), [onChange, secrets]);
  return {
    secrets,
    setSecrets,
    /** Takes away one that was deleted elsewhere. */
    onGone: useCallback(
      (key: string) => setSecrets((current) => current.filter((secret) => secret.key !== key)),
      [],
    ),
    /** Takes over the date that a provider told. */
    onChecked: useCallback(
      (key: string, { expires_at }: CheckReply) =>
        setSecrets((current) =>
          current.map((secret) => (secret.key === key ? learnExpiry(secret, expires_at) : secret)),
        ),
      [],
    ),
  };
}

/** The secret with the date that its provider told, unless it had one. */
function learnExpiry(secret: SecretMetadata, expires_at: string | null): SecretMetadata {
  const { details } = secret;
  if (!expires_at || !details || details.expires_at) return secret;
  return { ...secret, details: { ...details, expires_at } };
}
