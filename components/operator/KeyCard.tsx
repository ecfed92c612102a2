"use client";

import { useState } from "react";
import { toast } from "sonner";
import { ConfirmDialog } from "@/components/shared/ConfirmDialog";
import { Failure } from "@/components/shared/Failure";
import { Badge } from "@/components/vault/ui/badge";
import { Button } from "@/components/vault/ui/button";
import { Card, CardAction, CardContent, CardHeader, CardTitle } from "@/components/vault/ui/card";
import { RelativeTime } from "@/components/vault/ui/RelativeTime";
import type { KeyState } from "@/lib/operator/types";
import { type ApiError, callApi } from "@/lib/vault/http/client";
import { useOperatorChange } from "./useOperatorChange";
import { nameOf } from "./words";

/** Whether runs may begin on the platform's key, and the switch. */
export function KeyCard({ is_configured, is_stopped, changed }: KeyState) {
  const { run, busy } = useOperatorChange();
  const [asking, setAsking] = useState(false);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const change = (isStopped: boolean) =>
    run(async () => {
      await callApi("PATCH", "/api/operator/key", { is_stopped: isStopped });
      toast.success(isStopped ? "Platform's key stopped" : "Platform's key resumed");
    });

  async function stop() {
    setFailure(null);
    setFailure(await change(true));
  }

  return (
    <Card aria-labelledby="key-title">
      <CardHeader className="max-sm:flex max-sm:flex-col">
        <CardTitle id="key-title" className="flex flex-wrap items-center gap-2">
          Platform's key
          {is_stopped ? (
            <Badge variant="warning">Stopped</Badge>
          ) : (
            <Badge variant={is_configured ? "success" : "secondary"}>
              {is_configured ? "On" : "Not set up"}
            </Badge>
          )}
        </CardTitle>
        <CardAction>
          {/* One button for both, so that the keyboard stays on it. A second click on Stop only asks. */}
          <Button
            variant={is_stopped ? "outline" : "destructive"}
            aria-disabled={busy}
            onClick={is_stopped ? () => setAsking(true) : stop}
          >
            {is_stopped ? "Resume" : busy ? "Stopping…" : "Stop the key now"}
          </Button>
        </CardAction>
      </CardHeader>
      <CardContent className="flex flex-col gap-2 text-sm">
        {!is_configured && (
          <p>
            This server has no key of its own, so every run needs a personal or team key. To provide one, set{" "}
            <code>ANTHROPIC_API_KEY</code> in its environment; <code>VAULT_ENV_FALLBACK=off</code> and limits
            of 0 dollars turn it off.
          </p>
        )}
        <p className="text-muted-foreground [overflow-wrap:anywhere]">
          {is_stopped
            ? "No new runs can use it, on any server. Runs already in progress continue."
            : "Stopping it takes effect immediately, without a deploy. Runs already in progress continue."}
          {changed && (
            <>
              {" "}
              {is_stopped ? "Stopped" : "Resumed"} by {changed.by.is_you ? "you" : nameOf(changed.by)},{" "}
              <RelativeTime iso={changed.at} />.
            </>
          )}
        </p>
        <Failure failure={failure} />
      </CardContent>
      {asking && (
        <ConfirmDialog
          title="Resume the platform's key?"
          action="Resume"
          working="Resuming…"
          onConfirm={() => change(false)}
          onClose={() => setAsking(false)}
        >
          Runs on it will cost you money again, up to the limits you've set.
        </ConfirmDialog>
      )}
    </Card>
  );
}
