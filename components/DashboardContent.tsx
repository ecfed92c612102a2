"use client";

import { useState } from "react";
import { REVEAL_KEY } from "@/lib/reveal/types";
import type { SecretMetadata, SecretSource } from "@/lib/vault/types";
import type { Webhook } from "@/lib/webhooks/schema";
import { RevealPanel } from "./RevealPanel";
import { VaultManager } from "./VaultManager";
import { WebhookManager } from "./WebhookManager";

interface DashboardContentProps {
  userId: string;
  initialSecrets: SecretMetadata[];
  initialWebhooks: Webhook[];
  /** Keys that the platform has a value of its own for. */
  platformKeys: readonly string[];
}

/** The dashboard: webhooks and the vault on the left, Reveal on the right. */
export function DashboardContent({
  userId,
  initialSecrets,
  initialWebhooks,
  platformKeys,
}: DashboardContentProps) {
  const [secrets, setSecrets] = useState<readonly SecretMetadata[]>(initialSecrets);
  // Worked out from the same rows that the vault shows, so that it follows every change at once.
  const payers: SecretSource[] = [];
  if (secrets.some((secret) => secret.key === REVEAL_KEY)) payers.push("user");
  if (platformKeys.includes(REVEAL_KEY)) payers.push("env");

  return (
    <main className="mx-auto grid w-full max-w-7xl items-start gap-5 px-4 py-5 sm:px-6 lg:grid-cols-2 lg:py-8">
      <h1 className="sr-only">Dashboard</h1>
      <div className="flex min-w-0 flex-col gap-5">
        <WebhookManager initialWebhooks={initialWebhooks} />
        <VaultManager
          userId={userId}
          secrets={secrets}
          onSecretsChange={setSecrets}
          platformKeys={platformKeys}
        />
      </div>
      <div className="min-w-0 lg:sticky lg:top-8">
        <RevealPanel payers={payers} />
      </div>
    </main>
  );
}
