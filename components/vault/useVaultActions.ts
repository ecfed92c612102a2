"use client";

import { useCallback, useEffect, useState } from "react";
import { toast } from "@/components/vault/toast";
import { toastFailure } from "@/components/vault/toastFailure";
import { useBusy } from "@/components/vault/useBusy";
import { ApiError, asApiError } from "@/lib/vault/http/client";
import type { CheckReply, VaultApi } from "@/lib/vault/requests";
import type { SecretMetadata } from "@/lib/vault/types";
import { copyObstacle, watchClipboard, writeToClipboard } from "./clipboard";
import { useRevealedSecret } from "./useRevealedSecret";

interface Options {
  api: VaultApi;
  announce: (text: string) => void;
  onGone: (key: string) => void;
  onChecked: (key: string, reply: CheckReply) => void;
}

/**
 * What a row does without a dialog: show, hide, copy, check.
 *
 * @param api the same object in every render
 * @param announce tells screen readers what happened
 * @param onGone is given the key of a secret that was deleted elsewhere
 * @param onChecked is given what a provider said
 */
export function useVaultActions({ api, announce, onGone, onChecked }: Options) {
  useEffect(() => void watchClipboard(), []);
  const { busy, whileBusy } = useBusy();
  const [checks, setChecks] = useState<ReadonlyMap<string, CheckReply>>(new Map());
  const [unreadable, setUnreadable] = useState<ReadonlySet<string>>(new Set());
  const { revealed, loadingKey, reveal, hide } = useRevealedSecret(api.reveal, () =>
    announce("The value is hidden."),
  );

  const explain = useCallback(
    (failure: unknown, key: string) => {
      const error = asApiError(failure);
      if (error.code === "secret_unreadable") {
        setUnreadable((keys) => new Set(keys).add(key));
        announce(`The stored value of ${key} can't be read. Enter it again.`);
      } else if (error.code === "secret_not_found") {
        onGone(key);
        toast.info(`${key} was deleted elsewhere`);
      } else {
        toastFailure(error);
      }
    },
    [announce, onGone],
  );

  const show = useCallback(
    async ({ key }: SecretMetadata) => {
      try {
        if (await reveal(key)) announce(`The value of ${key} is shown. It hides after 30 seconds.`);
      } catch (error) {
        explain(error, key);
      }
    },
    [reveal, announce, explain],
  );

  const copy = useCallback(
    ({ key }: SecretMetadata) =>
      whileBusy(`copy ${key}`, async () => {
        // Before the value is asked for: it would leave the server for nothing.
        const obstacle = copyObstacle();
        if (obstacle) return void toast.error(obstacle);
        try {
          await writeToClipboard(api.copy(key));
          toast.success(`${key} copied`, {
            description: "It stays in the clipboard until you copy something else.",
          });
        } catch (error) {
          if (error instanceof ApiError) explain(error, key);
          else toast.error("The browser didn't allow copying. Show the value and copy it by hand.");
        }
      }),
    [api, explain, whileBusy],
  );

  const check = useCallback(
    ({ key }: SecretMetadata) =>
      whileBusy(`check ${key}`, async () => {
        try {
          announce("");
          const reply = await api.check(key);
          setChecks((replies) => new Map(replies).set(key, reply));
          onChecked(key, reply);
          announce(`${key}: ${reply.detail}`);
        } catch (error) {
          explain(error, key);
        }
      }),
    [api, explain, announce, whileBusy, onChecked],
  );

  /** Forgets what was found out about values that are no longer there. */
  const forget = useCallback((keys: readonly string[]) => {
    setChecks((replies) => new Map([...replies].filter(([key]) => !keys.includes(key))));
    setUnreadable((others) => new Set([...others].filter((key) => !keys.includes(key))));
  }, []);

  const busyWith = (key: string) =>
    [loadingKey === key && "show", busy.has(`copy ${key}`) && "copy", busy.has(`check ${key}`) && "check"]
      .filter(Boolean)
      .join(" ");

  return { revealed, busyWith, checks, unreadable, show, hide, copy, check, forget };
}
