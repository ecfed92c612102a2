"use client";

import { useId, useState } from "react";
import { Failure } from "@/components/shared/Failure";
import { Button } from "@/components/vault/ui/button";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/vault/ui/card";
import type { DeletionImpact } from "@/lib/account/types";
import { type ApiError, asApiError, callApi } from "@/lib/vault/http/client";
import { DeleteDialog } from "./DeleteDialog";

const readImpact = () => callApi<DeletionImpact>("GET", "/api/account/deletion");

/** Deletes the account, once it is clear what goes with it. */
export function DeleteCard() {
  const id = useId();
  const [impact, setImpact] = useState<DeletionImpact | null>(null);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);

  async function open() {
    if (busy) return;
    setBusy(true);
    setFailure(null);
    try {
      setImpact(await readImpact());
    } catch (error) {
      setFailure(asApiError(error));
    }
    setBusy(false);
  }

  return (
    <Card aria-labelledby={`${id}-title`} className="border-destructive/40">
      <CardHeader>
        <CardTitle id={`${id}-title`}>Delete account</CardTitle>
        <CardDescription>
          Permanently deletes your keys, webhooks, and activity. You'll see what's deleted before you confirm.
        </CardDescription>
      </CardHeader>
      <CardContent className="flex flex-col gap-3">
        <Button variant="destructive" className="self-start" aria-disabled={busy} onClick={open}>
          {busy ? "Loading…" : "Delete account"}
        </Button>
        <Failure failure={failure} />
      </CardContent>
      {impact && (
        <DeleteDialog
          impact={impact}
          // Someone joined or left in the meantime: the question has changed.
          onStale={() => readImpact().then(setImpact)}
          onClose={() => setImpact(null)}
        />
      )}
    </Card>
  );
}
