"use client";

import { useRouter } from "next/navigation";
import { useId, useRef, useState } from "react";
import { toast } from "sonner";
import { ConfirmDialog } from "@/components/shared/ConfirmDialog";
import { Failure } from "@/components/shared/Failure";
import { Button } from "@/components/vault/ui/button";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/vault/ui/card";
import { RelativeTime } from "@/components/vault/ui/RelativeTime";
import type { Enrolment, SecondFactor } from "@/lib/auth/factors";
import { type ApiError, asApiError, callApi } from "@/lib/vault/http/client";
import { EnrolForm } from "./EnrolForm";

interface SecondFactorCardProps {
  factors: SecondFactor[];
  /** Whether the auth server has second factors. Without, there is no card. */
  isOffered: boolean;
}

const KINDS: Record<string, string> = { totp: "Authenticator app", phone: "Phone", webauthn: "Security key" };

/** Turns two-factor authentication on and off. */
export function SecondFactorCard({ factors, isOffered }: SecondFactorCardProps) {
  const id = useId();
  const router = useRouter();
  const [enrolment, setEnrolment] = useState<Enrolment | null>(null);
  const [removing, setRemoving] = useState<SecondFactor | null>(null);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const title = useRef<HTMLHeadingElement>(null);
  if (!isOffered && factors.length === 0) return null;

  async function begin() {
    if (busy) return;
    setBusy(true);
    setFailure(null);
    try {
      setEnrolment(await callApi<Enrolment>("POST", "/api/account/factors", {}));
    } catch (error) {
      setFailure(asApiError(error));
    }
    setBusy(false);
  }

  /** What had the focus is gone with the form. */
  function close() {
    setEnrolment(null);
    title.current?.focus();
  }

  function done() {
    close();
    toast.success("Two-factor authentication is on");
    router.refresh();
  }

  async function remove(factor: SecondFactor): Promise<ApiError | null> {
    try {
      await callApi("DELETE", `/api/account/factors?id=${factor.id}`);
    } catch (error) {
      const refused = asApiError(error);
      // Removed in another window already.
      if (refused.code !== "second_factor_not_found") return refused;
    }
    toast.success(`${kindOf(factor)} removed`);
    router.refresh();
    return null;
  }

  const hasApp = factors.some(({ type }) => type === "totp");
  return (
    <Card aria-labelledby={`${id}-title`}>
      <CardHeader>
        <CardTitle id={`${id}-title`} ref={title} tabIndex={-1} className="focus-visible:outline-hidden">
          Two-factor authentication
        </CardTitle>
        <CardDescription>
          {factors.length > 0
            ? "On. You sign in with your password and a code."
            : "Off. When it's on, signing in also requires a code from an authenticator app on your phone."}
        </CardDescription>
      </CardHeader>
      <CardContent className="flex flex-col gap-4">
        {factors.length > 0 && (
          <ul className="flex flex-col gap-3">
            {factors.map((factor) => (
              <li key={factor.id} className="flex flex-wrap items-center justify-between gap-2">
                <span>
                  {kindOf(factor)}
                  {factor.since && (
                    <span className="block text-sm text-muted-foreground">
                      Added <RelativeTime iso={factor.since} />
                    </span>
                  )}
                </span>
                <Button
                  variant="outline"
                  aria-label={`Remove: ${kindOf(factor)}`}
                  onClick={() => setRemoving(factor)}
                >
                  Remove
                </Button>
              </li>
            ))}
          </ul>
        )}
        {enrolment && (
          <EnrolForm
            enrolment={enrolment}
            onDone={done}
            onCancel={close}
            onGone={(gone) => {
              close();
              setFailure(gone);
            }}
          />
        )}
        {!enrolment && !hasApp && (
          <div className="flex flex-col items-start gap-2">
            <Button aria-disabled={busy} aria-busy={busy} onClick={begin}>
              {busy ? "Setting up…" : "Set up an authenticator app"}
            </Button>
            <Failure failure={failure} />
          </div>
        )}
      </CardContent>
      {removing && (
        <ConfirmDialog
          title={`Remove ${kindOf(removing).toLowerCase()}?`}
          action="Remove"
          working="Removing…"
          destructive
          onConfirm={() => remove(removing)}
          onClose={() => setRemoving(null)}
          focusAfter={() => title.current}
        >
          {factors.length > 1
            ? "You won't be able to sign in with its codes anymore."
            : "This turns off two-factor authentication: you'll sign in with your password alone."}
        </ConfirmDialog>
      )}
    </Card>
  );
}

const kindOf = ({ type }: SecondFactor) => KINDS[type] ?? "Second factor";
