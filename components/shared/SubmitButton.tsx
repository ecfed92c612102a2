"use client";

import type { ComponentProps } from "react";
import { Button } from "@/components/vault/ui/button";
import { useIsAlive } from "./useIsAlive";

interface SubmitButtonProps
  extends Omit<ComponentProps<typeof Button>, "type" | "disabled" | "aria-disabled"> {
  /** Whether the form is being sent. */
  busy: boolean;
}

/**
 * The button of a form that the page's scripts send. Until they run it is disabled, and so is Enter: the browser would
 * load the page anew, without what was entered.
 */
export function SubmitButton({ busy, ...props }: SubmitButtonProps) {
  return <Button type="submit" disabled={!useIsAlive()} aria-disabled={busy} {...props} />;
}
