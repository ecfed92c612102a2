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
      toast.success(
        isStopped ? "No run begins on the platform's key any more." : "Runs may begin on the platform's key.",
      );
    });

  async function stop() {
    setFailure(null);
    setFailure(await change(true));
  }

  return (
    <Card aria-labelledby="key-title">
      <CardHeader>
        <CardTitle id="key-title" className="flex flex-wrap items-center gap-2">
          The platform's key
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
            This server has no key of its own, so every run needs a person's or a team's key. To lend one, set{" "}
            <code>ANTHROPIC_API_KEY</code> in its environment; <code>VAULT_ENV_FALLBACK=off</code> and limits
            of 0 dollars switch it off.
          </p>
        )}
        <p className="text-muted-foreground [overflow-wrap:anywhere]">
          {is_stopped
            ? "No run begins on it, on any server. Runs that were under way go on to their end."
            : "Stopping it takes effect at once and without a deploy. Runs that are under way go on to their end."}
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
          title="Let runs begin on the platform's key again?"
          action="Resume"
          working="Resuming…"
          onConfirm={() => change(false)}
          onClose={() => setAsking(false)}
        >
          From now on they cost you money again, up to the limits that are set.
        </ConfirmDialog>
      )}
    </Card>
  );
}
