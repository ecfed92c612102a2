"use client";

import { type FormEvent, useId, useRef, useState } from "react";
import { Failure } from "@/components/shared/Failure";
import { Button } from "@/components/vault/ui/button";
import {
  Dialog,
  DialogClose,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from "@/components/vault/ui/dialog";
import { Input } from "@/components/vault/ui/input";
import { Label } from "@/components/vault/ui/label";
import { fieldOf } from "@/lib/auth/fields";
import { type ApiError, asApiError, callApi } from "@/lib/vault/http/client";

/** Who is asked. */
export interface Asked {
  email: string;
  /** Whether they have an authenticator app, whose code is asked for too. */
  hasSecondFactor: boolean;
  /** For so long they are not asked again. */
  minutes: number;
}

interface ConfirmationDialogProps extends Asked {
  opener: Element | null;
  onAnswer: (isConfirmed: boolean) => void;
}

/** Asks a person who is signed in for their password. It may lie over another dialog. */
export function ConfirmationDialog(props: ConfirmationDialogProps) {
  const { email, hasSecondFactor, minutes, opener, onAnswer } = props;
  const id = useId();
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const password = useRef<HTMLInputElement>(null);
  const code = useRef<HTMLInputElement>(null);

  async function send(event: FormEvent) {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setFailure(null);
    try {
      await callApi("POST", "/api/account/confirmation", {
        password: password.current?.value,
        ...(hasSecondFactor && { code: code.current?.value }),
      });
      onAnswer(true);
    } catch (error) {
      const refused = asApiError(error);
      setFailure(refused);
      setBusy(false);
      const field = fieldOf(refused.code) === "code" ? code.current : password.current;
      field?.focus();
      field?.select();
    }
  }

  const isOfCode = failure !== null && fieldOf(failure.code) === "code";
  const complaint = <Failure id={`${id}-failure`} failure={failure} />;
  const marks = (isWrong: boolean) => ({
    "aria-invalid": isWrong,
    "aria-describedby": isWrong ? `${id}-failure` : undefined,
  });
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && !busy && onAnswer(false)}>
      <DialogContent
        onOpenAutoFocus={(event) => {
          event.preventDefault();
          password.current?.focus();
        }}
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          if (opener instanceof HTMLElement) opener.focus();
        }}
      >
        <DialogHeader>
          <DialogTitle>Confirm it's you</DialogTitle>
          <DialogDescription className="[overflow-wrap:anywhere]">
            Enter the password for {email}. You won't be asked again for{" "}
            {minutes === 1 ? "a minute" : `${minutes} minutes`}.
          </DialogDescription>
        </DialogHeader>
        <form onSubmit={send} noValidate className="flex flex-col gap-4">
          {/* So that password managers know whose password it is. */}
          <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
          <div className="flex flex-col gap-2">
            <Label htmlFor={`${id}-password`}>Password</Label>
            <Input
              ref={password}
              id={`${id}-password`}
              name="password"
              type="password"
              autoComplete="current-password"
              {...marks(failure !== null && !isOfCode)}
            />
            {!isOfCode && complaint}
            <a href="/forgot-password" className="self-start text-sm underline underline-offset-4">
              Forgot your password?
            </a>
          </div>
          {hasSecondFactor && (
            <div className="flex flex-col gap-2">
              <Label htmlFor={`${id}-code`}>Code from your authenticator app</Label>
              <Input
                ref={code}
                id={`${id}-code`}
                name="code"
                inputMode="numeric"
                autoComplete="one-time-code"
                {...marks(isOfCode)}
              />
              {isOfCode && complaint}
            </div>
          )}
          <DialogFooter>
            <DialogClose>Cancel</DialogClose>
            <Button type="submit" aria-disabled={busy}>
              {busy ? "Checking…" : "Confirm"}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
