"use client";

import { useChange } from "@/components/shared/useChange";
import { NOT_AN_OPERATOR } from "./words";

/** What changed meanwhile. */
const MEANWHILE = { address_not_found: `${NOT_AN_OPERATOR} Nothing was changed.` };

/** {@link useChange} for what operators change. */
export const useOperatorChange = () => useChange(MEANWHILE);
