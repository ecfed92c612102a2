"use client";

import { useCallback, useRef, useState } from "react";
import { toast } from "@/components/vault/toast";
import { toastFailure } from "@/components/vault/toastFailure";
import { useBusy } from "@/components/vault/useBusy";
import { asApiError } from "@/lib/vault/http/client";
import { webhooksApi } from "@/lib/webhooks/requests";
import type { Webhook } from "@/lib/webhooks/schema";
import type { TestResult, WebhookList } from "./list";
import { nameOf } from "./standing";

interface Options {
  /** Null for the person's own. */
  teamId: string | null;
  initialWebhooks: readonly Webhook[];
  /** Tells screen readers what happened. */
  announce: (text: string) => void;
}

/** The list, and what a row's buttons do without a dialog. Everything waits for the server's answer. */
export function useWebhooks({ teamId, initialWebhooks, announce }: Options): WebhookList {
  const [api] = useState(() => webhooksApi(teamId));
  const [webhooks, setWebhooks] = useState(initialWebhooks);
  const [tests, setTests] = useState<ReadonlyMap<string, TestResult>>(new Map());
  const { busy, whileBusy } = useBusy();
  const changes = useRef(0);

  const put = useCallback((webhook: Webhook) => {
    changes.current += 1;
    setWebhooks((current) =>
      current.some(({ id }) => id === webhook.id)
        ? current.map((other) => (other.id === webhook.id ? webhook : other))
        : [...current, webhook],
    );
  }, []);

  const drop = useCallback(({ id }: Webhook) => {
    changes.current += 1;
    setWebhooks((current) => current.filter((webhook) => webhook.id !== id));
  }, []);

  // What the page found out in the meantime is newer than the answer.
  const reload = useCallback(async () => {
    changes.current += 1;
    const mine = changes.current;
    try {
      const present = await api.list();
      if (changes.current === mine) setWebhooks(present);
    } catch {
      // Whatever it is, the next thing that the person does will say it.
    }
  }, [api]);

  const explain = useCallback(
    (error: unknown, webhook: Webhook) => {
      const failure = asApiError(error);
      if (failure.code !== "webhook_not_found") return toastFailure(failure);
      drop(webhook);
      toast.info("This webhook was deleted elsewhere.");
    },
    [drop],
  );

  const attempt = useCallback(
    (action: string, webhook: Webhook, work: () => Promise<void>) =>
      whileBusy(`${action} ${webhook.id}`, () => work().catch((error) => explain(error, webhook))),
    [whileBusy, explain],
  );

  const test = useCallback(
    (webhook: Webhook) =>
      attempt("test", webhook, async () => {
        announce("");
        const delivery = await api.test(webhook.id);
        const { describeResult, STATUS_BADGES } = await import("./later");
        const badge = STATUS_BADGES[delivery.status];
        const detail = describeResult(delivery);
        setTests((others) =>
          new Map(others).set(testKey(webhook), { badge, detail, at: delivery.created_at }),
        );
        announce(`Test to ${nameOf(webhook)}: ${badge.label}. ${detail}`);
        void reload();
      }),
    [attempt, announce, api, reload],
  );

  const forgetTest = useCallback((webhook: Webhook) => {
    setTests((others) => {
      const left = new Map(others);
      left.delete(testKey(webhook));
      return left;
    });
  }, []);

  const setPaused = useCallback(
    (webhook: Webhook, paused: boolean) =>
      attempt(paused ? "pause" : "resume", webhook, async () => {
        put(await api.change(webhook.id, { paused }));
        announce(`${nameOf(webhook)} is ${paused ? "paused" : "active"}.`);
      }),
    [attempt, announce, api, put],
  );

  const busyWith = ({ id }: Webhook) =>
    [...busy].flatMap((work) => (work.endsWith(id) ? work.slice(0, -id.length - 1) : [])).join(" ");
  const testOf = (webhook: Webhook) => tests.get(testKey(webhook));

  return {
    api,
    webhooks,
    put,
    drop,
    reload,
    explain,
    attempt,
    test,
    forgetTest,
    setPaused,
    busyWith,
    testOf,
  };
}

const testKey = ({ id, address }: Webhook) => `${id} ${address}`;
