"use client";

import { Trash2 } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { toast } from "sonner";
import { Failure } from "@/components/Failure";
import { Button } from "@/components/ui/button";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/ui/card";
import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";
import { ApiError, asApiError, callApi } from "@/lib/http/client";
import type { Webhook } from "@/lib/webhooks/schema";

/** Keeps the addresses that are to be told about finished runs and changed keys. */
export function WebhookManager({ initialWebhooks }: { initialWebhooks: Webhook[] }) {
  const id = useId();
  const [webhooks, setWebhooks] = useState(initialWebhooks);
  const [url, setUrl] = useState("");
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);

  async function add(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const added = await callApi<Webhook>("POST", "/api/webhooks", { url });
      setWebhooks((current) => [...current, added]);
      setUrl("");
      toast.success("The webhook is saved.");
    } catch (failure) {
      setError(asApiError(failure));
    } finally {
      setBusy(false);
    }
  }

  async function remove(webhook: Webhook) {
    try {
      await callApi("DELETE", `/api/webhooks?id=${webhook.id}`);
    } catch (failure) {
      if (!(failure instanceof ApiError && failure.code === "webhook_not_found")) {
        toast.error(asApiError(failure).message);
        return;
      }
    }
    setWebhooks((current) => current.filter((other) => other.id !== webhook.id));
    toast.success("The webhook is deleted.", {
      action: { label: "Undo", onClick: () => restore(webhook) },
    });
  }

  async function restore({ url, description }: Webhook) {
    try {
      const restored = await callApi<Webhook>("POST", "/api/webhooks", { url, description });
      setWebhooks((current) => [...current, restored]);
    } catch (failure) {
      toast.error(asApiError(failure).message);
    }
  }

  return (
    <Card aria-labelledby={`${id}-title`}>
      <CardHeader>
        <CardTitle id={`${id}-title`}>Webhooks</CardTitle>
        <CardDescription>
          Addresses to tell about finished runs and changed keys. They are kept; nothing is sent to them yet.
        </CardDescription>
      </CardHeader>
      <CardContent className="flex flex-col gap-4">
        {webhooks.length > 0 && (
          <ul className="flex flex-col gap-1">
            {webhooks.map((webhook) => (
              <li
                key={webhook.id}
                className="flex items-center gap-2 rounded-md border bg-background/60 py-1 pr-1 pl-3"
              >
                <span className="min-w-0 flex-1 truncate text-sm" title={webhook.url}>
                  {webhook.url}
                </span>
                <Button
                  variant="ghost"
                  size="icon-sm"
                  onClick={() => remove(webhook)}
                  aria-label={`Delete the webhook ${webhook.url}`}
                  title="Delete"
                >
                  <Trash2 aria-hidden />
                </Button>
              </li>
            ))}
          </ul>
        )}
        <form onSubmit={add} noValidate className="flex flex-col gap-2">
          <Label htmlFor={`${id}-url`}>Address</Label>
          <div className="flex gap-2">
            <Input
              id={`${id}-url`}
              type="url"
              inputMode="url"
              value={url}
              onChange={(event) => setUrl(event.target.value)}
              placeholder="https://example.com/hooks"
              autoComplete="off"
              maxLength={2048}
              aria-invalid={error !== null}
              aria-describedby={error ? `${id}-error` : undefined}
            />
            <Button type="submit" variant="outline" disabled={busy}>
              {busy ? "Adding…" : "Add"}
              <span className="sr-only"> webhook</span>
            </Button>
          </div>
          <Failure id={`${id}-error`} failure={error} />
        </form>
      </CardContent>
    </Card>
  );
}
