"use client";

import { useRouter } from "next/navigation";
import { useComeBack } from "@/components/vault/useComeBack";

/** Reloads the page's data whenever someone comes back to it. */
export function RefreshOnReturn() {
  const { refresh } = useRouter();
  useComeBack(refresh);
  return null;
}
