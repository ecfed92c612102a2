"use client";

import { useChange } from "@/components/shared/useChange";

/** What changed meanwhile. */
const MEANWHILE = { address_not_found: "You are not an operator of this site any more." };

/** {@link useChange} for what operators change. */
export const useOperatorChange = () => useChange(MEANWHILE);
