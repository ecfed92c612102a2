"use client";

import { type FormEvent, useId, useRef, useState } from "react";
import { CodeField } from "@/components/shared/CodeField";
import { Failure } from "@/components/shared/Failure";
import { ShownOnceField } from "@/components/shared/ShownOnceField";
import { Button } from "@/components/vault/ui/button";
import type { Enrolment } from "@/lib/auth/factors";
import { fieldOf } from "@/lib/auth/fields";
import { type ApiError, asApiError, callApi } from "@/lib/vault/http/client";

interface EnrolFormProps {
  enrolment: Enrolment;
  onDone: () => void;
  onCancel: () => void;
  /** The setup is no longer there: it was given up elsewhere, or took too long. */
  onGone: (failure: ApiError) => void;
}

/** What somebody does with their authenticator app to turn it on: scan, or type, and enter its first code. */
export function EnrolForm({ enrolment, onDone, onCancel, onGone }: EnrolFormProps) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);

  async function verify(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (busy) return;
    const code = field.current?.value ?? "";
    setBusy(true);
    setFailure(null);
    try {
      await callApi("POST", "/api/account/factors/verify", { id: enrolment.id, code });
      return onDone();
    } catch (error) {
      const refused = asApiError(error);
      if (refused.code === "second_factor_not_found") return onGone(refused);
      setFailure(refused);
      setBusy(false);
      if (!field.current) return;
      if (refused.code === "wrong_code") field.current.value = "";
      field.current.focus();
    }
  }

  const isOfField = failure !== null && fieldOf(failure.code) === "code";
  return (
    <form onSubmit={verify} noValidate className="flex flex-col gap-4">
      <p className="text-sm">Scan this with your authenticator app, or enter the key manually.</p>
      {/* Scanners want dark on light, in the dark theme too. */}
      {/* biome-ignore lint/performance/noImgElement: the picture is in its address */}
      <img
        src={enrolment.qrCode}
        alt="QR code for your authenticator app. It contains the key shown below."
        width={200}
        height={200}
        className="self-center rounded-lg bg-white p-2"
      />
      <ShownOnceField
        autoFocus
        label="Key"
        what="key"
        value={enrolment.secret}
        hint="You won't be able to see it again. Anyone who has it can generate your codes."
      />
      <CodeField
        ref={field}
        id={`${id}-code`}
        failure={isOfField ? failure.message : undefined}
        onChange={() => isOfField && setFailure(null)}
      />
      {!isOfField && <Failure failure={failure} />}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" aria-disabled={busy} aria-busy={busy}>
          {busy ? "Turning it on…" : "Turn on"}
        </Button>
        <Button type="button" variant="outline" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
