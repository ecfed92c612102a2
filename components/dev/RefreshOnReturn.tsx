"use client";

import { useRouter } from "next/navigation";
import { useComeBack } from "@/components/vault/useComeBack";

/** Loads what the page shows anew whenever somebody comes back to it. */
export function RefreshOnReturn() {
  const { refresh } = useRouter();
  useComeBack(refresh);
  return null;
}
