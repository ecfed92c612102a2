"use client";

import { useEffect } from "react";
import { toast } from "@/components/vault/toast";
import { useLatest } from "@/components/vault/ui/useLatest";
import { offline } from "@/lib/vault/http/client";

/**
 * In place of what a person opened and whose file didn't arrive: says so, and closes it, so that the next press asks
 * for the file again.
 */
export function PartMissing({ onClose }: { onClose: () => void }) {
  const close = useLatest(onClose);
  useEffect(() => {
    toast.error(offline().message);
    close.current();
  }, [close]);
  return null;
}
